/** A running hash (two lanes of FNV-1a, 64 bits together) over what happened. It finds differences; it is no defence against anyone. */
export class TraceHash {
  #low = 0x811c9dc5
  #high = 0x9dc5811c
  readonly #float = new Float64Array(1)
  readonly #words = new Uint32Array(this.#float.buffer)

  add(text: string): void {
    for (let index = 0; index < text.length; index++) this.#mix(text.charCodeAt(index))
    this.#mix(0x1f)
  }

  addNumber(value: number): void {
    this.#float[0] = value
    this.#mix(this.#words[0]!)
    this.#mix(this.#words[1]!)
  }

  toString(): string {
    return hex(this.#high) + hex(this.#low)
  }

  #mix(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193)
    this.#high = Math.imul(this.#high ^ (word + (this.#low >>> 15)), 0x85ebca6b)
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
