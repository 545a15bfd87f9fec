import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { CompressionCodec } from './compression-codec.ts'
import { decompressionError } from './decompression-error.ts'
import { freeableLength } from './freeable-bytes.ts'

/** zstd, from Node's own zlib. Levels are -131072 (fast) to 22 (small), 3 is the default, as in Kafka. */
export const zstdCodec: CompressionCodec = {
  id: 4,
  name: 'zstd',
  compress: (bytes, level = 3) =>
    zstdCompressSync(bytes, {
      params: { [constants.ZSTD_c_compressionLevel]: level },
      chunkSize: freeableLength(zstdBound(bytes.length)),
    }),
  decompress(bytes, maxBytes) {
    try {
      return zstdDecompressSync(bytes, { maxOutputLength: Math.max(maxBytes, 1) })
    } catch (error) {
      throw decompressionError('zstd', error, maxBytes)
    }
  },
}

/** The most that bytes can be compressed to: with so much room in one piece zstd writes there at once, not by way of a buffer of its own. */
function zstdBound(length: number): number {
  return length + (length >>> 8) + 128
}
