import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { CompressionCodec } from './compression-codec.ts'
import { decompressionError } from './decompression-error.ts'

/** zstd, from Node's own zlib. Levels are -131072 (fast) to 22 (small), 3 is the default, as in Kafka. */
export const zstdCodec: CompressionCodec = {
  id: 4,
  name: 'zstd',
  compress: (bytes, level = 3) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  decompress(bytes, maxBytes) {
    try {
      return zstdDecompressSync(bytes, { maxOutputLength: Math.max(maxBytes, 1) })
    } catch (error) {
      throw decompressionError('zstd', error, maxBytes)
    }
  },
}
