import type { Address } from '../transport.ts'
import type { SimRandom } from './sim-random.ts'
import type { Timeline } from './timeline.ts'

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

/** What the network must know of the machines. */
export interface SimHosts {
  /** True when there is a node of that name. */
  isKnown(name: string): boolean
  /** True when its machine has power. */
  isReachable(name: string): boolean
}

/** One end of a stream, as the network handles it. */
export interface StreamEnd {
  readonly local: Address
  readonly remote: Address
  /** A blocked direction was freed: what waited for it goes on its way. */
  wayFreed(): void
}

/** What the world gives to its network. */
export interface NetworkLinksOptions {
  readonly timeline: Timeline
  readonly random: SimRandom
  readonly hosts: SimHosts
}

/** The ways between the nodes: how each behaves, which are blocked, and the ends of the streams on them. */
export class NetworkLinks<End extends StreamEnd = StreamEnd> {
  readonly timeline: Timeline
  readonly random: SimRandom
  readonly hosts: SimHosts
  readonly #settings = new Map<string, LinkSettings>()
  readonly #blocked = new Set<string>()
  readonly #ends = new Set<End>()
  #defaults = defaults
  #streams = 0

  constructor(options: NetworkLinksOptions) {
    this.timeline = options.timeline
    this.random = options.random
    this.hosts = options.hosts
  }

  /** Changes how all links behave that have no settings of their own. */
  configure(settings: Partial<LinkSettings>): void {
    this.#defaults = { ...this.#defaults, ...settings }
  }

  /** Changes how one direction behaves. */
  configureWay(from: string, to: string, settings: Partial<LinkSettings>): void {
    this.#settings.set(wayKey(from, to), { ...(this.#settings.get(wayKey(from, to)) ?? this.#defaults), ...settings })
  }

  /** The settings in force from one node to another. */
  link(from: string, to: string): LinkSettings {
    return this.#settings.get(wayKey(from, to)) ?? (from === to ? loopback : this.#defaults)
  }

  /** One latency of the link. */
  latencyMs(from: string, to: string): number {
    const [shortest, longest] = this.link(from, to).latencyMs
    return this.random.between(shortest, longest)
  }

  block(from: string, to: string): void {
    this.timeline.note(`block ${from}>${to}`)
    this.#blocked.add(wayKey(from, to))
  }

  unblock(from: string, to: string): void {
    this.timeline.note(`unblock ${from}>${to}`)
    this.#blocked.delete(wayKey(from, to))
    for (const end of this.#ends) end.wayFreed()
  }

  heal(): void {
    this.timeline.note('heal')
    this.#blocked.clear()
    for (const end of this.#ends) end.wayFreed()
  }

  isBlocked(from: string, to: string): boolean {
    return this.#blocked.has(wayKey(from, to))
  }

  /** A number for a new stream. */
  nextStream(): string {
    return `${++this.#streams}`
  }

  /** The end is open, or has something that waits for a way to be freed. */
  remember(end: End): void {
    this.#ends.add(end)
  }

  /** The end is closed for good. */
  forget(end: End): void {
    this.#ends.delete(end)
  }

  /** The ends of the streams between the two nodes, of one node, or all. */
  endsBetween(a: string | undefined, b: string | undefined): readonly End[] {
    return [...this.#ends].filter(({ local, remote }) => {
      if (a === undefined) return true
      if (b === undefined) return local.host === a || remote.host === a
      return (local.host === a && remote.host === b) || (local.host === b && remote.host === a)
    })
  }
}

function wayKey(from: string, to: string): string {
  return `${from}>${to}`
}
