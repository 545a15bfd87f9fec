import { gunzipSync, gzipSync } from 'node:zlib'
import type { CompressionCodec } from './compression-codec.ts'
import { decompressionError } from './decompression-error.ts'
import { freeableLength } from './freeable-bytes.ts'

/** gzip, from Node's own zlib. Levels are 1 (fast) to 9 (small), -1 is zlib's default. */
export const gzipCodec: CompressionCodec = {
  id: 1,
  name: 'gzip',
  compress: (bytes, level = -1) => gzipSync(bytes, { level, chunkSize: freeableLength(bytes.length + 64) }),
  decompress(bytes, maxBytes) {
    try {
      return gunzipSync(bytes, { maxOutputLength: Math.max(maxBytes, 1) })
    } catch (error) {
      throw decompressionError('gzip', error, maxBytes)
    }
  },
}
