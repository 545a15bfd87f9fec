/**
 * Bytes that are not what the protocol says, or a value that cannot be written in the version asked for.
 * `path` is the field (`topics[3].partitions[0].records`), `position` the byte in the frame or batch where reading stopped
 * (-1 when writing).
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  /** What is wrong, without path and position. */
  readonly reason: string
  /** The field; it grows from the inside out while the error passes the codecs of the structs around it. */
  path: string
  /** The byte where reading stopped, -1 when writing. */
  readonly position: number

  constructor(reason: string, path = '', position = -1) {
    super(describe(reason, path, position))
    this.reason = reason
    this.path = path
    this.position = position
  }
}

/**
 * Puts `field` (and `[index]` when it is an array) in front of the path of a ProtocolError and returns it, to be thrown again;
 * any other error is returned as it is.
 */
export function atField(error: unknown, field: string, index = -1): unknown {
  if (!(error instanceof ProtocolError) || field === '') return error
  const here = index < 0 ? field : `${field}[${index}]`
  error.path = error.path === '' ? here : `${here}.${error.path}`
  error.message = describe(error.reason, error.path, error.position)
  return error
}

function describe(reason: string, path: string, position: number): string {
  return `${path === '' ? '' : `${path}: `}${reason}${position < 0 ? '' : ` (at byte ${position})`}`
}
