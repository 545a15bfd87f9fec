import { CommandExit } from '../command/command-exit.ts'

/** Properties by name. */
export type Properties = Map<string, string>

/** Properties as they stand on a command line, each `name=value`; without a value it is empty. Kafka: `CommandLineUtils.parseKeyValueArgs`. */
export function parseKeyValues(args: readonly string[]): Properties {
  return new Map(
    args.map((arg) => {
      const equals = arg.indexOf('=')
      return equals < 0 ? [arg, ''] : [arg.slice(0, equals), arg.slice(equals + 1)]
    }),
  )
}

/** Both together; what `above` says counts. */
export function merged(below: Properties, above: Properties): Properties {
  return new Map([...below, ...above])
}

/** Sizes that Node leaves to the operating system: asked for by default and without an effect on what is sent. */
const socketBuffers = new Set(['send.buffer.bytes', 'receive.buffer.bytes'])

/** Properties for a client of ours. What the client does not know is left out with a word on standard error, as Kafka's goes on too. */
export function knownProperties(
  properties: Properties,
  { knows, err }: { readonly knows: (name: string) => boolean; readonly err: (text: string) => void },
): Record<string, string> {
  const known: Record<string, string> = {}
  for (const [name, value] of properties) {
    if (socketBuffers.has(name)) continue
    if (knows(name)) known[name] = value
    else err(`WARN The configuration '${name}' was supplied but isn't a known config.\n`)
  }
  return known
}

/** Ends a command without more words than these. */
export function failure(message: string): CommandExit {
  return new CommandExit(1, `${message}\n`)
}
