import { type Storage, StorageError } from '@odradek/runtime'

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * Kafka's `CheckpointFile`: a text file of a version line, a count line and one line for each entry, replaced as one step.
 * A missing or empty file has no entries. Lines that are not what the format says make the whole file unreadable
 * (`CheckpointFormatError`): half a checkpoint is worse than none.
 */
export class CheckpointFile<Entry> {
  readonly path: string
  readonly #storage: Storage
  readonly #format: CheckpointFormat<Entry>

  constructor(storage: Storage, path: string, format: CheckpointFormat<Entry>) {
    this.#storage = storage
    this.path = path
    this.#format = format
  }

  /** All entries. @throws CheckpointFormatError when the file is not a checkpoint of this format. */
  read(): Entry[] {
    const content = this.#content()
    if (content.length === 0) return []
    const lines = decoder.decode(content).split('\n')
    if (lines.at(-1) === '') lines.pop()
    const [version, count, ...entries] = lines
    if (version !== '0') throw new CheckpointFormatError(this.path, `version ${version}, expected 0`)
    if (!/^\d+$/.test(count ?? '') || Number(count) !== entries.length) {
      throw new CheckpointFormatError(this.path, `${count} entries announced, ${entries.length} found`)
    }
    return entries.map((line) => {
      const entry = this.#format.parse(line)
      if (entry === undefined) throw new CheckpointFormatError(this.path, `malformed line ${JSON.stringify(line)}`)
      return entry
    })
  }

  /** Replaces all entries. */
  write(entries: readonly Entry[]): void {
    const lines = ['0', String(entries.length), ...entries.map((entry) => this.#format.print(entry))]
    this.#storage.writeFile(this.path, encoder.encode(`${lines.join('\n')}\n`))
  }

  #content(): Uint8Array {
    try {
      return this.#storage.readFile(this.path)
    } catch (error) {
      if (error instanceof StorageError && error.code === 'not-found') return new Uint8Array(0)
      throw error
    }
  }
}

/** How one entry stands on its line; `parse` gives undefined for a malformed line. */
export interface CheckpointFormat<Entry> {
  print(entry: Entry): string
  parse(line: string): Entry | undefined
}

/** A checkpoint file that cannot be read as one. */
export class CheckpointFormatError extends Error {
  override readonly name = 'CheckpointFormatError'
  readonly path: string

  constructor(path: string, reason: string) {
    super(`${path} is not a readable checkpoint: ${reason}`)
    this.path = path
  }
}
