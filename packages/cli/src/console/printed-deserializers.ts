/** Reads bytes and prints what they mean as Java would. @throws Error in Kafka's words when they mean nothing */
export type PrintedDeserializer = (bytes: Uint8Array) => string | Uint8Array

type Read = (bytes: DataView) => string

const packageName = 'org.apache.kafka.common.serialization'

const deserializers: Readonly<Record<string, PrintedDeserializer>> = {
  StringDeserializer: (bytes) => Buffer.from(bytes).toString(),
  BytesDeserializer: (bytes) => Array.from(bytes, escaped).join(''),
  // Java prints the identity of an array, which says nothing: the bytes do.
  ByteArrayDeserializer: (bytes) => bytes,
  ByteBufferDeserializer: ({ length }) => `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`,
  IntegerDeserializer: sized(4, 'Size of data received by IntegerDeserializer is not 4', (bytes) =>
    String(bytes.getInt32(0)),
  ),
  LongDeserializer: sized(8, 'Size of data received by LongDeserializer is not 8', (bytes) =>
    String(bytes.getBigInt64(0)),
  ),
  ShortDeserializer: sized(2, 'Size of data received by ShortDeserializer is not 2', (bytes) =>
    String(bytes.getInt16(0)),
  ),
  FloatDeserializer: sized(4, 'Size of data received by Deserializer is not 4', (bytes) =>
    javaFloat(bytes.getFloat32(0)),
  ),
  DoubleDeserializer: sized(8, 'Size of data received by Deserializer is not 8', (bytes) =>
    javaNumber(bytes.getFloat64(0)),
  ),
  BooleanDeserializer: sized(1, 'Size of data received by BooleanDeserializer is not 1', readBoolean),
  UUIDDeserializer: readUuid,
}

/** The deserializer of a class of Kafka's. @throws Error with the name of a class that is not known */
export function printedDeserializer(className: string): PrintedDeserializer {
  const simpleName = className.startsWith(`${packageName}.`) ? className.slice(packageName.length + 1) : className
  const found = className === simpleName ? undefined : deserializers[simpleName]
  if (found === undefined) throw new Error(className)
  return found
}

function sized(size: number, message: string, read: Read): PrintedDeserializer {
  return (bytes) => {
    if (bytes.length !== size) throw new Error(message)
    return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
  }
}

function readBoolean(bytes: DataView): string {
  const byte = bytes.getUint8(0)
  if (byte > 1) throw new Error(`Unexpected byte received by BooleanDeserializer: ${bytes.getInt8(0)}`)
  return String(byte === 1)
}

function readUuid(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString()
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) throw new Error('Error parsing data into UUID')
  return text.toLowerCase()
}

/** As Kafka's `Bytes.toString`: printable ASCII as it is, all else in hexadecimal. */
function escaped(byte: number): string {
  return byte >= 0x20 && byte <= 0x7e && byte !== 0x5c
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** A float has fewer digits: the shortest that give the same float. */
function javaFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const shortened = Number(value.toPrecision(digits))
    if (Math.fround(shortened) === value) return javaNumber(shortened)
  }
  return javaNumber(value)
}

/** As `Double.toString`: always with a point, and with an exponent from 10,000,000 on and below 0.001. */
function javaNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (value === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = Object.is(value, -0) ? '-0' : String(value)
    return text.includes('.') ? text : `${text}.0`
  }
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}
