/** Standard output, whose reader may go away (`| head`): what is written then is refused, and the command ends as it sees fit. */
export class StandardOutput {
  readonly #stream: NodeJS.WriteStream
  #failure: Error | undefined
  readonly #waiting = new Set<(error: Error) => void>()

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.on('error', (error) => {
      this.#failure = error
      for (const reject of this.#waiting) reject(error)
    })
  }

  /** Resolves when the text was taken. Rejects with EPIPE when nobody reads any more. */
  readonly write = (text: string | Uint8Array): Promise<void> | void => {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (text.length === 0 || this.#stream.write(text)) return
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#stream.once('drain', () => {
        this.#waiting.delete(reject)
        resolve()
      })
    })
  }
}

/** Whether a failure is that of an output nobody reads any more. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
