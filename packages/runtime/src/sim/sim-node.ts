import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Storage } from '../storage.ts'
import type { Transport } from '../transport.ts'
import { SimClock } from './sim-clock.ts'
import { SimDisk } from './sim-disk.ts'
import type { SimNetwork } from './sim-network.ts'
import type { CrashOptions, SimDiskOptions } from './sim-platter.ts'
import type { SimRandom } from './sim-random.ts'
import type { SimTransport } from './sim-transport.ts'
import type { Timeline } from './timeline.ts'

/** How a machine of a world differs from a perfect one. */
export interface SimNodeOptions {
  /** How far the node's wall clock is ahead of the world's, in milliseconds. Default 0. */
  readonly skewMs?: number
  /** How the node's disk behaves; see `SimDisk`. */
  readonly disk?: Omit<SimDiskOptions, 'random' | 'clock'>
}

/** What a node shares with the world it stands in. */
export interface SimSurroundings {
  readonly timeline: Timeline
  readonly network: SimNetwork
  readonly random: SimRandom
}

/** The ports of one process. They die with it: a timer does not fire, a write does nothing, a file is closed. */
export interface SimProcess {
  readonly clock: Clock
  readonly random: Random
  readonly storage: Storage
  readonly transport: Transport
}

/**
 * A machine of the world: a name in the network, a disk, and at most one process at a time. `start` gives the process's ports;
 * `kill` ends the process and leaves machine and page cache, as kill -9 does; `crash` cuts the power.
 */
export class SimNode {
  readonly name: string
  readonly disk: SimDisk
  readonly #timeline: Timeline
  readonly #network: SimNetwork
  readonly #random: SimRandom
  readonly #machineClock: SimClock
  #powered = true
  #starts = 0
  #process: (SimProcess & { readonly clock: SimClock; readonly transport: SimTransport }) | undefined

  constructor(surroundings: SimSurroundings, name: string, options: SimNodeOptions) {
    const { timeline, network, random } = surroundings
    this.#timeline = timeline
    this.#network = network
    this.name = name
    this.#random = random.fork(`node ${name}`)
    this.#machineClock = new SimClock(timeline, { name, skewMs: options.skewMs ?? 0 })
    this.disk = new SimDisk({ ...options.disk, random: this.#random.fork('disk'), clock: this.#machineClock })
  }

  /** False after `crash` until the next `start`: packets to the machine then vanish, and nobody is told. */
  get powered(): boolean {
    return this.#powered
  }

  /** True while a process runs. */
  get running(): boolean {
    return this.#process !== undefined
  }

  /** Sets the node's wall clock ahead of the world's by so many milliseconds (negative: behind); monotonic time is unmoved. */
  skew(skewMs: number): void {
    this.#machineClock.skewMs = skewMs
    if (this.#process !== undefined) this.#process.clock.skewMs = skewMs
  }

  /** Starts a process and gives its ports. Throws when one runs already. */
  start(): SimProcess {
    if (this.#process !== undefined) throw new Error(`${this.name} runs already: kill or crash it first`)
    this.#powered = true
    this.#starts++
    this.#timeline.note(`${this.name} starts`)
    this.#process = {
      clock: new SimClock(this.#timeline, { name: this.name, skewMs: this.#machineClock.skewMs }),
      random: this.#random.fork(`process ${this.#starts}`),
      storage: this.disk.mount(),
      transport: this.#network.transport(this.name),
    }
    return this.#process
  }

  /** Ends the process at once. Its machine tells the peers; what was written is in the page cache and stays. */
  kill(): void {
    this.#timeline.note(`${this.name} is killed`)
    this.#process?.clock.stop()
    this.#process?.transport.close('told')
    this.#process = undefined
    this.disk.kill()
  }

  /** Cuts the power: peers are not told, and the disk keeps what was synced and a random part of what was not. */
  crash(options: CrashOptions = {}): void {
    this.#timeline.note(`${this.name} crashes`)
    this.#powered = false
    this.#process?.clock.stop()
    this.#process?.transport.close('silently')
    this.#process = undefined
    this.disk.crash(options)
  }
}
