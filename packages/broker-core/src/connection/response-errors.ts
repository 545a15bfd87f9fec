/** The error codes in a response, wherever its schema has an `errorCode`: of the whole, of topics, of partitions. 0 is left out. */
export function responseErrorCodes(response: object | null): readonly number[] {
  const codes: number[] = []
  if (response !== null) collect(response, codes)
  return codes
}

function collect(value: object, codes: number[]): void {
  if (ArrayBuffer.isView(value)) return
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) collect(item, codes)
    return
  }
  for (const [name, field] of Object.entries(value)) {
    if (name === 'errorCode' && typeof field === 'number' && field !== 0) codes.push(field)
    else if (typeof field === 'object' && field !== null) collect(field, codes)
  }
}
