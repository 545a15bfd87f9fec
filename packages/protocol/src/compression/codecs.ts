import { ProtocolError } from '../protocol-error.ts'
import { type CompressionCodec, type CompressionType, compressionTypes } from './compression-codec.ts'

/**
 * The codecs that batches are compressed and decompressed with. Immutable: `with` answers a copy in which one codec has been
 * replaced, to be handed to a builder or to `records()`.
 */
export class Codecs {
  readonly #byId: ReadonlyMap<number, CompressionCodec>

  constructor(codecs: Iterable<CompressionCodec>) {
    this.#byId = new Map([...codecs].map((codec) => [codec.id, codec]))
  }

  /** A copy in which `codec` stands in for the codec of the same id. */
  with(codec: CompressionCodec): Codecs {
    return new Codecs([...this.#byId.values(), codec])
  }

  /** The codec of a compression type. @throws ProtocolError when there is none. */
  of(type: CompressionType): CompressionCodec {
    const codec = this.#byId.get(compressionTypes.indexOf(type))
    if (codec === undefined) throw new ProtocolError(`no codec for compression type ${type}`)
    return codec
  }
}
