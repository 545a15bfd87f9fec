import { Codecs } from './codecs.ts'
import { gzipCodec } from './gzip.ts'
import { zstdCodec } from './zstd.ts'

/** Kafka's four codecs. */
export const defaultCodecs = /* @__PURE__ */ new Codecs([gzipCodec, zstdCodec])
