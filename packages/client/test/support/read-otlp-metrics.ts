/** A metric as it was read back. */
export interface ReadMetric {
  readonly name: string
  readonly kind: 'gauge' | 'delta sum' | 'cumulative sum'
  readonly value: number
  readonly attributes: Readonly<Record<string, string>>
}

type Field = { readonly number: number; readonly bytes: Uint8Array; readonly value: number }

/** Reads a MetricsData message with one resource, as a collector does. */
export function readOtlpMetrics(bytes: Uint8Array): {
  readonly resource: Readonly<Record<string, string>>
  readonly metrics: readonly ReadMetric[]
} {
  const [resourceMetrics] = fieldsOf(bytes)
  const inner = fieldsOf(resourceMetrics!.bytes)
  const resource = inner.find(({ number }) => number === 1)!
  const scope = inner.find(({ number }) => number === 2)!
  return {
    resource: attributesOf(fieldsOf(resource.bytes), 1),
    metrics: fieldsOf(scope.bytes).map((metric) => readMetric(fieldsOf(metric.bytes))),
  }
}

function readMetric(fields: readonly Field[]): ReadMetric {
  const name = new TextDecoder().decode(fields.find(({ number }) => number === 1)!.bytes)
  const gauge = fields.find(({ number }) => number === 5)
  const sum = fields.find(({ number }) => number === 7)
  const data = fieldsOf((gauge ?? sum)!.bytes)
  const point = fieldsOf(data.find(({ number }) => number === 1)!.bytes)
  const temporality = data.find(({ number }) => number === 2)?.value
  return {
    name,
    kind: gauge !== undefined ? 'gauge' : temporality === 1 ? 'delta sum' : 'cumulative sum',
    value: point.find(({ number }) => number === 4)!.value,
    attributes: attributesOf(point, 7),
  }
}

function attributesOf(fields: readonly Field[], number: number): Readonly<Record<string, string>> {
  const pairs = fields.filter((field) => field.number === number).map(({ bytes }) => fieldsOf(bytes))
  return Object.fromEntries(
    pairs.map(([key, value]) => [
      new TextDecoder().decode(key!.bytes),
      new TextDecoder().decode(fieldsOf(value!.bytes)[0]!.bytes),
    ]),
  )
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    if (tag % 8 === 0) fields.push({ number, bytes: new Uint8Array(), value: varint() })
    else if (tag % 8 === 1) {
      fields.push({ number, bytes: bytes.subarray(at, at + 8), value: view.getFloat64(at, true) })
      at += 8
    } else {
      const length = varint()
      fields.push({ number, bytes: bytes.subarray(at, at + length), value: Number.NaN })
      at += length
    }
  }
  return fields
}
