/**
 * The network between the nodes of a world. Streams keep their order, as TCP's do; everything else is left to chance: how long a
 * chunk takes, where it is cut, which of two connections is faster, when one is reset, and who learns of it.
 *
 * A blocked direction (a partition) delays: TCP sends again until the way is free. A lost connection is silent for ever on both
 * sides, as when a NAT entry is dropped. A machine without power answers nothing; one whose process died answers with a reset.
 */
import { SimConnection } from './sim-connection.ts'
import type { SimRandom } from './sim-random.ts'
import { SimTransport } from './sim-transport.ts'
import type { SimWorld } from './sim-world.ts'

/** How one direction between two nodes behaves. */
export interface LinkSettings {
  /** How long a chunk takes: uniform between the two, in milliseconds. Default 0.1 to 2. */
  readonly latencyMs: readonly [from: number, to: number]
  /** Chance that a chunk is cut at a random point and arrives as two. Default 0.1. */
  readonly splitRate: number
  /** Chance for each chunk that the connection is reset after a random part of it. Default 0. */
  readonly resetRate: number
  /** Chance that a reset is told to one side alone, which leaves the other half open. Default 0. */
  readonly halfOpenRate: number
  /** Chance that a connection is refused although somebody listens. Default 0. */
  readonly refuseRate: number
}

const defaults: LinkSettings = { latencyMs: [0.1, 2], splitRate: 0.1, resetRate: 0, halfOpenRate: 0, refuseRate: 0 }

/** A node's way to itself. */
const loopback: LinkSettings = { ...defaults, latencyMs: [0.005, 0.05], splitRate: 0 }

/** The network of a `SimWorld`: `world.network`. */
export class SimNetwork {
  readonly world: SimWorld
  readonly random: SimRandom
  readonly #links = new Map<string, LinkSettings>()
  readonly #blocked = new Set<string>()
  readonly #transports = new Map<string, SimTransport>()
  readonly #connections = new Set<SimConnection>()
  #defaults = defaults
  #connectionCount = 0

  constructor(world: SimWorld, random: SimRandom) {
    this.world = world
    this.random = random
  }

  /** Changes how all links behave that have no settings of their own. */
  configure(settings: Partial<LinkSettings>): void {
    this.#defaults = { ...this.#defaults, ...settings }
  }

  /** Changes how the link between two nodes behaves, in both directions. */
  configureLink(a: string, b: string, settings: Partial<LinkSettings>): void {
    for (const key of [linkKey(a, b), linkKey(b, a)]) {
      this.#links.set(key, { ...(this.#links.get(key) ?? this.#defaults), ...settings })
    }
  }

  /** The settings in force from one node to another. */
  link(from: string, to: string): LinkSettings {
    return this.#links.get(linkKey(from, to)) ?? (from === to ? loopback : this.#defaults)
  }

  /** Blocks both directions between nodes of different groups. Nodes of no group are not touched. */
  partition(...groups: readonly (readonly string[])[]): void {
    for (const [index, group] of groups.entries()) {
      for (const other of groups.slice(index + 1)) {
        for (const a of group) {
          for (const b of other) {
            this.block(a, b)
            this.block(b, a)
          }
        }
      }
    }
  }

  /** Blocks one direction; the other stays as it is. */
  block(from: string, to: string): void {
    this.world.note(`block ${from}>${to}`)
    this.#blocked.add(linkKey(from, to))
  }

  /** Frees one direction; what was sent meanwhile arrives. */
  unblock(from: string, to: string): void {
    this.world.note(`unblock ${from}>${to}`)
    this.#blocked.delete(linkKey(from, to))
    for (const connection of this.#connections) connection.wayFreed()
  }

  /** Frees every direction. */
  heal(): void {
    this.world.note('heal')
    this.#blocked.clear()
    for (const connection of this.#connections) connection.wayFreed()
  }

  isBlocked(from: string, to: string): boolean {
    return this.#blocked.has(linkKey(from, to))
  }

  /** Resets the open connections between the two nodes, or all; both sides are told. Returns how many. */
  reset(a?: string, b?: string): number {
    const found = this.#between(a, b)
    for (const connection of found) connection.reset()
    return found.length / 2
  }

  /** Loses the open connections between the two nodes, or all: neither side is told, and nothing arrives any more. */
  lose(a?: string, b?: string): number {
    const found = this.#between(a, b)
    for (const connection of found) connection.lose()
    return found.length / 2
  }

  /** The transport of a new process on the node. */
  transport(name: string): SimTransport {
    const transport = new SimTransport(this, name)
    this.#transports.set(name, transport)
    return transport
  }

  /** The transport of the process that runs on the node, if one does. */
  transportOf(name: string): SimTransport | undefined {
    const transport = this.#transports.get(name)
    return transport?.closed === false ? transport : undefined
  }

  /** True when the node is known and its machine has power. */
  isReachable(name: string): boolean {
    return this.world.findNode(name)?.powered === true
  }

  /** True when there is a node of that name. */
  isKnown(name: string): boolean {
    return this.world.findNode(name) !== undefined
  }

  /** A new connection: the ends of the client and of the server. */
  pair(client: { name: string; port: number }, server: { name: string; port: number }): [SimConnection, SimConnection] {
    const id = ++this.#connectionCount
    const near = { host: client.name, port: client.port }
    const far = { host: server.name, port: server.port }
    const a = new SimConnection(this, `${id}`, { local: near, remote: far })
    const b = new SimConnection(this, `${id}`, { local: far, remote: near })
    a.join(b)
    this.#connections.add(a).add(b)
    return [a, b]
  }

  /** The end has something that waits for a way to be freed. */
  remember(connection: SimConnection): void {
    this.#connections.add(connection)
  }

  /** The end is closed for good. */
  forget(connection: SimConnection): void {
    this.#connections.delete(connection)
  }

  /** One latency of the link. */
  latencyMs(from: string, to: string): number {
    const [shortest, longest] = this.link(from, to).latencyMs
    return this.random.between(shortest, longest)
  }

  #between(a: string | undefined, b: string | undefined): SimConnection[] {
    return [...this.#connections].filter(({ local, remote }) => {
      if (a === undefined) return true
      if (b === undefined) return local.host === a || remote.host === a
      return (local.host === a && remote.host === b) || (local.host === b && remote.host === a)
    })
  }
}

function linkKey(from: string, to: string): string {
  return `${from}>${to}`
}
