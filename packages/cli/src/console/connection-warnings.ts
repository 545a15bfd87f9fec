import type { Hooks } from '@odradek/runtime'

interface ConnectionEvents {
  readonly connectionOpened: { readonly nodeId: number; readonly host: string; readonly port: number }
  readonly connectionFailed: { readonly nodeId: number; readonly host: string; readonly port: number }
}

/** Says on standard error that a broker cannot be reached, once until it can, in the words of Kafka's client. */
export function warnOfConnections<Events extends ConnectionEvents>(
  hooks: Hooks<Events>,
  err: (text: string) => void,
): void {
  const told = new Set<string>()
  const connections = hooks as unknown as Hooks<ConnectionEvents>
  connections.on('connectionOpened', ({ host, port }) => told.delete(`${host}:${port}`))
  connections.on('connectionFailed', ({ nodeId, host, port }) => {
    const address = `${host}:${port}`
    if (told.has(address)) return
    told.add(address)
    err(`WARN Connection to node ${nodeId} (${address}) could not be established. Node may not be available.\n`)
  })
}
