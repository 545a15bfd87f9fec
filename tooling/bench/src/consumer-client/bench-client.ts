import type { Reading } from './reading.ts'

/** What is to be read, and who takes it. */
export interface BenchReader {
  readonly bootstrap: string
  readonly topic: string
  readonly groupId: string
  readonly reading: Reading
}

/** Makes a client that reads the topic from its first record on and goes on in the background; answers what closes it. */
export type OpenClient = (reader: BenchReader) => () => Promise<unknown>

/** Host and port apart. */
export function brokerOf(bootstrap: string): { readonly host: string; readonly port: number } {
  const [host = '', port] = bootstrap.split(':')
  return { host, port: Number(port) }
}

/** A failure of a client's loop ends the process, so that nobody waits for it. */
export function orExit(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
}
