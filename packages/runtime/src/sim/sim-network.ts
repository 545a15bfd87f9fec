/**
 * The network between the nodes of a world. Streams keep their order, as TCP's do; everything else is left to chance: how long a
 * chunk takes, where it is cut, which of two connections is faster, when one is reset, and who learns of it.
 *
 * A blocked direction (a partition) delays: TCP sends again until the way is free. A lost connection is silent for ever on both
 * sides, as when a NAT entry is dropped. A machine without power answers nothing; one whose process died answers with a reset.
 */
import { type LinkSettings, NetworkLinks, type NetworkLinksOptions } from './network-links.ts'
import type { SimConnection } from './sim-connection.ts'
import { SimTransport } from './sim-transport.ts'

/** The network of a `SimWorld`: `world.network`. */
export class SimNetwork {
  readonly #links: NetworkLinks<SimConnection>
  readonly #transports = new Map<string, SimTransport>()

  constructor(options: NetworkLinksOptions) {
    this.#links = new NetworkLinks(options)
  }

  /** Changes how all links behave that have no settings of their own. */
  configure(settings: Partial<LinkSettings>): void {
    this.#links.configure(settings)
  }

  /** Changes how the link between two nodes behaves, in both directions. */
  configureLink(a: string, b: string, settings: Partial<LinkSettings>): void {
    this.#links.configureWay(a, b, settings)
    this.#links.configureWay(b, a, settings)
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
    this.#links.block(from, to)
  }

  /** Frees one direction; what was sent meanwhile arrives. */
  unblock(from: string, to: string): void {
    this.#links.unblock(from, to)
  }

  /** Frees every direction. */
  heal(): void {
    this.#links.heal()
  }

  /** Resets the open connections between the two nodes, of one node, or all; both sides are told. Returns how many. */
  reset(a?: string, b?: string): number {
    const ends = this.#links.endsBetween(a, b)
    for (const end of ends) end.reset()
    return ends.length / 2
  }

  /** Loses the open connections between the two nodes, of one node, or all: nobody is told, and nothing arrives any more. */
  lose(a?: string, b?: string): number {
    const ends = this.#links.endsBetween(a, b)
    for (const end of ends) end.lose()
    return ends.length / 2
  }

  /** The transport of a new process on the node. */
  transport(name: string): SimTransport {
    const transport = new SimTransport(name, this.#links, this.#transports)
    this.#transports.set(name, transport)
    return transport
  }
}
