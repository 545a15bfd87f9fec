import type { Random } from '../random.ts'
import { uniformFloat, uniformInt } from '../uniform.ts'
import { nodeCrypto } from './node-crypto.ts'

/** Chance from the host's cryptographic generator, drawn in portions. */
export class NodeRandom implements Random {
  readonly #portion = new Uint32Array(256)
  #used = this.#portion.length

  nextInt(bound: number): number {
    return uniformInt(this.#nextWord, bound)
  }

  nextFloat(): number {
    return uniformFloat(this.#nextWord)
  }

  nextBytes(length: number): Uint8Array {
    const bytes = nodeCrypto().randomBytes(length)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, length)
  }

  readonly #nextWord = (): number => {
    if (this.#used === this.#portion.length) {
      nodeCrypto().randomFillSync(this.#portion)
      this.#used = 0
    }
    return this.#portion[this.#used++]!
  }
}
