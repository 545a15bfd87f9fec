import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A C program against librdkafka, compiled when it is first needed: Debian's packages have the library, but not its benchmark. */
export class LibrdkafkaProgram {
  readonly #source: string
  #binary: Promise<string> | undefined

  constructor(source: string) {
    this.#source = source
  }

  /** Why it cannot run; undefined when it can. */
  async absence(): Promise<string | undefined> {
    try {
      await this.#compiled()
      return undefined
    } catch (error) {
      return `a C compiler or librdkafka-dev is missing (${(error as Error).message.split('\n')[0]})`
    }
  }

  /** Runs it; answers the JSON it printed. */
  async run<T>(args: readonly (string | number)[]): Promise<T> {
    const { stdout } = await run(await this.#compiled(), args.map(String))
    return JSON.parse(stdout) as T
  }

  #compiled(): Promise<string> {
    this.#binary ??= (async () => {
      const binary = join(await mkdtemp(join(tmpdir(), 'odradek-librdkafka-')), 'program')
      await run('cc', ['-O2', '-o', binary, this.#source, '-lrdkafka'])
      return binary
    })()
    return this.#binary
  }
}
