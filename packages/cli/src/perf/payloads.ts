import { resolve } from 'node:path'
import type { CommandIo } from '../command/command-io.ts'
import type { ProducerPerfTest } from './producer-perf-test-arguments.ts'

/** The value of the record with that number, from 0 on. */
export type Payloads = (index: number) => Uint8Array | string

const poolBytes = 1_048_576
const letters = 26
const firstLetter = 65

/** What is sent: random capital letters, lines of a file, or numbers in their order. @throws Error in Kafka's words */
export async function payloadsOf(test: ProducerPerfTest, io: CommandIo): Promise<Payloads> {
  if (test.payloadFile !== undefined) return filePayloads(test.payloadFile, test.payloadDelimiter, io)
  if (test.recordSize === undefined) return String
  return letterPayloads(test.recordSize)
}

/** Slices of one piece of random letters: to make new ones for every record would be what is measured. */
function letterPayloads(size: number): Payloads {
  const pool = new Uint8Array(poolBytes + size)
  for (let at = 0; at < pool.length; at++) pool[at] = firstLetter + Math.floor(Math.random() * letters)
  return () => {
    const start = Math.floor(Math.random() * poolBytes)
    return pool.subarray(start, start + size)
  }
}

async function filePayloads(path: string, delimiter: string, io: CommandIo): Promise<Payloads> {
  await io.out(`Reading payloads from: ${resolve(path)}\n`)
  const text = await io.readFile(path).catch(() => '')
  if (text === '') throw new Error('File does not exist or empty file provided.')
  const parts = text.split(new RegExp(delimiter, 'u'))
  if (parts.at(-1) === '') parts.pop()
  await io.out(`Number of records read: ${parts.length}\n`)
  return () => parts[Math.floor(Math.random() * parts.length)]!
}
