/** Kafka's names of the compression types (`compression.type`), in the order of their ids. */
export const compressionTypes = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** A compression type by Kafka's name. */
export type CompressionType = (typeof compressionTypes)[number]

/** One way to compress the records of a batch. Both functions are synchronous, as a batch is closed and read within one turn. */
export interface CompressionCodec {
  /** The id in the attributes of a batch: 1 to 4. */
  readonly id: number
  readonly name: Exclude<CompressionType, 'none'>
  /** `level` is Kafka's (`compression.gzip.level` and its siblings); codecs without levels ignore it. */
  compress(bytes: Uint8Array, level?: number): Uint8Array
  /** @throws ProtocolError when the bytes are damaged or would take more than `maxBytes` decompressed. */
  decompress(bytes: Uint8Array, maxBytes: number): Uint8Array
}
