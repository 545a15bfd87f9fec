import { optionalModule } from './optional-module.ts'

/** The reversed Castagnoli polynomial. */
const polynomial = 0x82f63b78
/** Below this length the call into native code costs more than the table look-ups it saves. */
const nativeFromBytes = 256

/**
 * Sixteen tables of 256 entries in one array ("slicing by 16"): table k holds the CRC of a byte followed by k zero bytes,
 * so sixteen bytes are folded in with sixteen look-ups of which only four wait for the previous step.
 */
const slices = /* @__PURE__ */ createTables()

function createTables(): Int32Array {
  const tables = new Int32Array(16 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    tables[byte] = crc
  }
  for (let i = 256; i < tables.length; i++) {
    const previous = tables[i - 256]!
    tables[i] = (previous >>> 8) ^ tables[previous & 0xff]!
  }
  return tables
}

/**
 * CRC-32C (Castagnoli) of `bytes` as an unsigned 32-bit number, in TypeScript alone.
 * `seed` is the CRC of the bytes that came before, so a checksum can be continued over several pieces.
 */
export function crc32cTypeScript(bytes: Uint8Array, seed = 0): number {
  const t = slices
  const length = bytes.length
  let crc = ~seed
  let i = 0
  if (length >= 64) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    for (const end = length - 15; i < end; i += 16) {
      const a = crc ^ view.getInt32(i, true)
      const b = view.getInt32(i + 4, true)
      const c = view.getInt32(i + 8, true)
      const d = view.getInt32(i + 12, true)
      crc =
        t[3840 + (a & 0xff)]! ^
        t[3584 + ((a >>> 8) & 0xff)]! ^
        t[3328 + ((a >>> 16) & 0xff)]! ^
        t[3072 + (a >>> 24)]! ^
        t[2816 + (b & 0xff)]! ^
        t[2560 + ((b >>> 8) & 0xff)]! ^
        t[2304 + ((b >>> 16) & 0xff)]! ^
        t[2048 + (b >>> 24)]! ^
        t[1792 + (c & 0xff)]! ^
        t[1536 + ((c >>> 8) & 0xff)]! ^
        t[1280 + ((c >>> 16) & 0xff)]! ^
        t[1024 + (c >>> 24)]! ^
        t[768 + (d & 0xff)]! ^
        t[512 + ((d >>> 8) & 0xff)]! ^
        t[256 + ((d >>> 16) & 0xff)]! ^
        t[d >>> 24]!
    }
  }
  for (; i < length; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

const native = /* @__PURE__ */ optionalModule<{ crc32c(bytes: Uint8Array, seed?: number): number }>('@node-rs/crc32')

/**
 * CRC-32C (Castagnoli) of `bytes` as an unsigned 32-bit number: the checksum of record batches and of snapshot files.
 * Longer inputs go to `@node-rs/crc32` when it is installed. `seed` is the CRC of the bytes that came before.
 */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  if (bytes.length >= nativeFromBytes) {
    const module = native()
    if (module !== undefined) return module.crc32c(bytes, seed)
  }
  return crc32cTypeScript(bytes, seed)
}
