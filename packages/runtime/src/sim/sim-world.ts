/**
 * A world in which everything that happens comes from one queue of events and one seed: time passes only when an event is due,
 * the network and the disks of all nodes draw their chance from the same seed, so one number repeats a whole cluster.
 *
 * Code under simulation is ordinary asynchronous code. After each event the world waits for one turn of the host's event loop,
 * by which every promise reaction has run, and only then takes the next event. What the code does in answer to an event thus
 * happens at one instant of virtual time, and always in the same order. That holds as long as nothing else reaches the code: it
 * must not use real timers, sockets, files, the thread pool (asynchronous zlib or crypto), or `Math.random`.
 */
import { Hooks } from '../hooks.ts'
import { nextTurn } from '../node/next-turn.ts'
import { EventQueue, type SimEvent } from './event-queue.ts'
import { SimNetwork } from './sim-network.ts'
import { SimNode, type SimNodeOptions } from './sim-node.ts'
import { SimRandom } from './sim-random.ts'
import type { Scheduled, Timeline } from './timeline.ts'
import { TraceHash } from './trace-hash.ts'

/** How a `SimWorld` begins. */
export interface SimWorldOptions {
  /** Everything random in the world comes from it. */
  readonly seed: number | string
  /** Wall-clock time at which the world begins, milliseconds since the Unix epoch. Default 1 January 2026. */
  readonly startMs?: number
  /** After so many events a run fails, because something goes round in circles. Default ten million. */
  readonly maxEvents?: number
}

/** What one can watch in a world; see `SimWorld.hooks`. */
export interface SimWorldEvents {
  /** An event is about to happen. */
  event: { readonly atMs: number; readonly label: string }
}

/** A world: its time, its chance, its network and its nodes. A test makes one for each seed. */
export class SimWorld implements Timeline {
  readonly seed: number | string
  readonly startMs: number
  /** Chance for the test itself, such as its workload; forks of it feed the network and the nodes. */
  readonly random: SimRandom
  readonly network: SimNetwork
  readonly hooks = new Hooks<SimWorldEvents>()
  readonly #maxEvents: number
  readonly #queue = new EventQueue()
  readonly #nodes = new Map<string, SimNode>()
  readonly #trace = new TraceHash()
  #elapsedMs = 0
  #sequence = 0
  #happened = 0
  #running = false

  constructor(options: SimWorldOptions) {
    this.seed = options.seed
    this.startMs = options.startMs ?? 1_767_225_600_000
    this.#maxEvents = options.maxEvents ?? 10_000_000
    this.random = new SimRandom(options.seed)
    this.network = new SimNetwork({
      timeline: this,
      random: this.random.fork('network'),
      hosts: {
        isKnown: (name) => this.#nodes.has(name),
        isReachable: (name) => this.#nodes.get(name)?.powered === true,
      },
    })
  }

  /** Virtual milliseconds since the world began. */
  get elapsedMs(): number {
    return this.#elapsedMs
  }

  /** How many events have happened. */
  get eventCount(): number {
    return this.#happened
  }

  /** One number, in hexadecimal, for all that happened so far: equal for equal runs. */
  get traceHash(): string {
    return this.#trace.toString()
  }

  /** The node of that name, made (and started) when there is none. Its name is its host name in the network. */
  node(name: string, options: SimNodeOptions = {}): SimNode {
    const existing = this.#nodes.get(name)
    if (existing !== undefined) return existing
    const node = new SimNode({ timeline: this, network: this.network, random: this.random }, name, options)
    this.#nodes.set(name, node)
    return node
  }

  /** Lets `run` happen after `delayMs`. The label stands in the trace. */
  schedule(delayMs: number, label: string, run: () => void): Scheduled {
    const atMs = this.#elapsedMs + Math.max(0, delayMs)
    const event: SimEvent = { atMs, sequence: this.#sequence++, label, run, cancelled: false }
    this.#queue.push(event)
    return {
      cancel() {
        event.cancelled = true
      },
    }
  }

  /** Adds a word of the test's own to the trace. */
  note(word: string): void {
    this.#trace.add(word)
  }

  /** Lets `durationMs` of virtual time pass. */
  async runFor(durationMs: number): Promise<void> {
    const endMs = this.#elapsedMs + durationMs
    await this.#run(endMs, () => false)
    this.#elapsedMs = endMs
  }

  /** Runs until the condition holds; fails when that takes longer than `withinMs` (default ten minutes) of virtual time. */
  async runUntil(condition: () => boolean, options: { readonly withinMs?: number } = {}): Promise<void> {
    const withinMs = options.withinMs ?? 600_000
    const endMs = this.#elapsedMs + withinMs
    if (await this.#run(endMs, condition)) return
    const idle = this.#queue.peek() === undefined
    const reason = idle ? 'nothing is left that could happen' : `${withinMs} ms have passed`
    throw new Error(`seed ${this.seed}: waited for something that did not come: ${reason}, at ${this.#elapsedMs} ms`)
  }

  /** Runs until the promise is settled and gives its result; fails as `runUntil` does. */
  async settle<T>(promise: Promise<T>, options: { readonly withinMs?: number } = {}): Promise<T> {
    let settled = false
    const mark = () => {
      settled = true
    }
    promise.then(mark, mark)
    await this.runUntil(() => settled, options)
    return promise
  }

  /** Runs until nothing is left that could happen. */
  async runUntilIdle(): Promise<void> {
    await this.#run(Number.POSITIVE_INFINITY, () => false)
  }

  /** True when the condition ended the run. */
  async #run(endMs: number, condition: () => boolean): Promise<boolean> {
    if (this.#running) throw new Error('the world is running already: one call at a time may run it')
    this.#running = true
    try {
      await nextTurn()
      while (!condition()) {
        const next = this.#queue.peek()
        if (next === undefined || next.atMs > endMs) return false
        this.#happen(this.#queue.pop()!)
        await nextTurn()
      }
      return true
    } finally {
      this.#running = false
    }
  }

  #happen(event: SimEvent): void {
    this.#elapsedMs = event.atMs
    if (++this.#happened > this.#maxEvents) {
      throw new Error(`seed ${this.seed}: still busy after ${this.#maxEvents} events, the last one is ${event.label}`)
    }
    this.#trace.add(event.label)
    this.#trace.addNumber(event.atMs)
    if (this.hooks.has('event')) this.hooks.emit('event', { atMs: event.atMs, label: event.label })
    event.run()
  }
}
