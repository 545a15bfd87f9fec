import { Codecs } from './codecs.ts'
import { gzipCodec } from './gzip.ts'
import { lz4Codec } from './lz4.ts'
import { snappyCodec } from './snappy.ts'
import { zstdCodec } from './zstd.ts'

/** Kafka's four codecs. */
export const defaultCodecs = /* @__PURE__ */ new Codecs([gzipCodec, snappyCodec, lz4Codec, zstdCodec])
