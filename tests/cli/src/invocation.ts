import type { CommandName } from '@odradek/cli'
import type { TargetName } from '@odradek/interop/targets'

/** A command line that both sides run. */
export interface Invocation {
  readonly command: CommandName
  readonly args: readonly string[]
  /** As it reads in the title of the test. */
  readonly line: string
  /** Lines come in the order of a hash table of Java's. */
  readonly isUnordered: boolean
  /** Kafka's command leaves its JVM in a way that would end that of the others, so it runs in a process of its own. */
  readonly isProcess: boolean
  /** Only for one of the brokers. */
  readonly only: TargetName | undefined
}

/** What is particular about an invocation. */
export interface InvocationOptions {
  readonly isUnordered?: boolean
  readonly isProcess?: boolean
  readonly only?: TargetName
  /** The command takes no `--bootstrap-server` of this broker, or is to miss it. */
  readonly isBare?: boolean
}

/** Makes the invocations of one command: each is a line whose words are separated by blanks. */
export function invocationsOf(command: CommandName) {
  return (
    line: string,
    { isUnordered = false, isProcess = false, only, isBare = false }: InvocationOptions = {},
  ): Invocation => {
    const words = line === '' ? [] : line.split(' ')
    const args = isBare ? words : ['--bootstrap-server', 'BROKER', ...words]
    return { command, args, line, isUnordered, isProcess, only }
  }
}

/** The lines of an output as they are compared. */
export function comparedLines(given: readonly string[], { isUnordered }: Invocation): readonly string[] {
  const lines = given.filter((line) => !newerThanTools.test(line)).map(withoutToolVersion)
  if (!isUnordered) return lines
  return lines.map((line) => (line.startsWith('{') ? inOrder(line) : line)).sort()
}

/** APIs of Kafka 4.4 that Kafka's published tools, which are older, do not know. */
const newerThanTools = /^\t\w+\((93|94)\): /

/** A line without what is told differently by tools of another version, or a moment later. */
function withoutToolVersion(line: string): string {
  return line
    .replace(/ \[usable: \d+\]/, '')
    .replace(/^(\t\w+\(\d+\): .*),$/, '$1')
    .replaceAll(/UNKNOWN \d+ {5}/g, '4.4-IV2        ')
    .replaceAll(/(\d+ ms ago) */g, 'TIME ago')
}

/** A line of JSON with its lists in order. */
function inOrder(line: string): string {
  return JSON.stringify(JSON.parse(line), (_, value: unknown) =>
    Array.isArray(value)
      ? [...value].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
      : value,
  )
}
