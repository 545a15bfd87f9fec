import { statSync } from 'node:fs'
import type { RecordParser } from './record-parser.ts'

/** How files are dumped. */
export interface DumpOptions {
  readonly isDeep: boolean
  readonly parser: RecordParser | undefined
  readonly printsMetadata: boolean
  readonly verifyIndexOnly: boolean
  readonly indexSanityOnly: boolean
  /** Bytes of a log file that are read. */
  readonly maxBytes: number
  /** Bytes a record batch may have where an index points at it. */
  readonly maxMessageSize: number
}

/** One run of `kafka-dump-log`: where lines go, and what was found wrong, which is told at the end. */
export class Dump implements DumpOptions {
  readonly isDeep: boolean
  readonly parser: RecordParser | undefined
  readonly printsMetadata: boolean
  readonly verifyIndexOnly: boolean
  readonly indexSanityOnly: boolean
  readonly maxBytes: number
  readonly maxMessageSize: number
  readonly #out: (text: string) => void
  /** Lines below a heading, for each kind of finding in Kafka's order. */
  readonly #mismatches = new Map<string, string[]>()
  readonly #timeMismatches = new Map<string, string[]>()
  readonly #outOfOrder = new Map<string, string[]>()
  readonly #notFound = new Map<string, string[]>()
  readonly #gaps = new Map<string, string[]>()

  constructor(options: DumpOptions, out: (text: string) => void) {
    this.isDeep = options.isDeep
    this.parser = options.parser
    this.printsMetadata = options.printsMetadata
    this.verifyIndexOnly = options.verifyIndexOnly
    this.indexSanityOnly = options.indexSanityOnly
    this.maxBytes = options.maxBytes
    this.maxMessageSize = options.maxMessageSize
    this.#out = out
  }

  print(line: string): void {
    this.#out(`${line}\n`)
  }

  /** Bytes of a file. @throws the error of the file system */
  sizeOf(path: string): number {
    return statSync(path).size
  }

  /** The log has a gap between two offsets. */
  notConsecutive(path: string, before: number, after: number): void {
    note(this.#gaps, path, `  ${before} is followed by ${after}`)
  }

  /** An entry of an offset index points at another batch. */
  indexMismatch(path: string, indexOffset: number, logOffset: number): void {
    note(this.#mismatches, path, `  Index offset: ${indexOffset}, log offset: ${logOffset}`)
  }

  /** An entry of a time index has another timestamp than the batch it names. */
  timestampMismatch(path: string, indexTimestamp: number, logTimestamp: number): void {
    note(this.#timeMismatches, path, `  Index timestamp: ${indexTimestamp}, log timestamp: ${logTimestamp}`)
  }

  /** An entry of a time index is older than the one before it. */
  timestampOutOfOrder(path: string, timestamp: number, previous: number): void {
    note(this.#outOfOrder, path, `  Index timestamp: ${timestamp}, Previously indexed timestamp: ${previous}`)
  }

  /** An entry of a time index names an offset at which no batch ends. */
  offsetNotFound(path: string, indexOffset: number, logOffset: number): void {
    note(this.#notFound, path, `Indexed offset: ${indexOffset}, found log offset: ${logOffset}`)
  }

  /** Prints what was found wrong. */
  printFindings(): void {
    this.#printAll(this.#mismatches, 'Mismatches in :')
    this.#printAll(this.#timeMismatches, 'Found timestamp mismatch in :')
    this.#printAll(this.#outOfOrder, 'Found out of order timestamp in :')
    this.#printAll(this.#notFound, 'The following indexed offsets are not found in :')
    this.#printAll(this.#gaps, 'Non-consecutive offsets in ')
  }

  #printAll(findings: ReadonlyMap<string, readonly string[]>, heading: string): void {
    for (const [path, lines] of findings) {
      this.print(`${heading}${path}`)
      for (const line of lines) this.print(line)
    }
  }
}

function note(findings: Map<string, string[]>, path: string, line: string): void {
  const lines = findings.get(path)
  if (lines === undefined) findings.set(path, [line])
  else lines.push(line)
}
