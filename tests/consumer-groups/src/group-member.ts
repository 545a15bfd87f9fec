import { Consumer, type ConsumerEvents, type ConsumerOptions, type RebalanceListener } from '@odradek/consumer'
import { type Clock, Hooks } from '@odradek/runtime'
import type { SimNode, SimWorld } from '@odradek/runtime/sim'

/** A record as a member got it. */
export interface Received {
  readonly partition: string
  readonly offset: number
  readonly atMs: number
}

/** What a member is made with. */
export interface GroupMemberOptions {
  readonly name: string
  readonly node: SimNode
  readonly world: SimWorld
  readonly options: ConsumerOptions
}

/** How a member behaves. */
export interface RunOptions {
  readonly topics?: readonly string[]
  readonly listener?: RebalanceListener
  /** Called with what each poll returned, and awaited; the records count as processed when it ends. */
  readonly handle?: (records: readonly Received[]) => Promise<void> | void
  /** `handlers` reads by `consumer.run`, three records at once for 1 to 20 ms each, and counts as received what a handler has ended with. */
  readonly way?: 'poll' | 'handlers'
}

/** A consumer in a loop of its own, and what happened to it. */
export class GroupMember {
  readonly name: string
  readonly consumer: Consumer
  readonly hooks = new Hooks<ConsumerEvents>()
  readonly received: Received[] = []
  /** Names of the events of rebalances, with their partitions: `revoked orders-0 orders-1`. */
  readonly events: string[] = []
  /** What it has, as it was told. */
  readonly owned = new Set<string>()
  /** The generation its partitions were assigned in, or its member epoch. */
  generationId = -1
  error: unknown
  /** Called when it received, was given or gave up something, or when the group committed for it. */
  onChange: () => void = () => {}
  #state: 'new' | 'running' | 'paused' | 'stopped' | 'crashed' = 'new'
  readonly #options: GroupMemberOptions
  readonly #clock: Clock
  #resumes: (() => void)[] = []
  #handled = 0
  #loop: Promise<void> = Promise.resolve()

  constructor(options: GroupMemberOptions) {
    this.name = options.name
    this.#options = options
    this.#watch()
    const ports = options.node.start()
    this.#clock = ports.clock
    this.consumer = new Consumer({ ...options.options, ...ports, hooks: this.hooks })
  }

  /** The name of its machine in the network. */
  get host(): string {
    return this.#options.node.name
  }

  /** Whether it polls, or would if it were not paused. */
  get isAlive(): boolean {
    return this.#state === 'running' || this.#state === 'paused'
  }

  get isPaused(): boolean {
    return this.#state === 'paused'
  }

  /** Subscribes and polls until it is stopped. */
  start({ topics = ['orders'], listener, handle, way = 'poll' }: RunOptions = {}): this {
    this.#state = 'running'
    this.consumer.subscribe(topics, listener)
    this.#loop = (way === 'poll' ? this.#poll(handle) : this.#handle()).catch((error: unknown) => {
      this.error = error
    })
    return this
  }

  /** Leaves in order. */
  async stop(): Promise<void> {
    if (!this.isAlive) return
    this.resume()
    this.#state = 'stopped'
    await this.consumer.close({ timeoutMs: 5_000 }).catch((error: unknown) => {
      this.error ??= error
    })
    await this.#loop
    this.owned.clear()
  }

  /** Its process ends without a word. */
  crash(): void {
    if (!this.isAlive) return
    this.#state = 'crashed'
    this.#options.node.kill()
    this.owned.clear()
  }

  /** Its handler does not end before `resume`; heartbeats go on. */
  pause(): void {
    if (this.#state === 'running') this.#state = 'paused'
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'running'
    for (const resume of this.#resumes.splice(0)) resume()
  }

  /** Offsets received of a partition, in the order they came. */
  offsetsOf(partition: string): number[] {
    return this.received.filter((record) => record.partition === partition).map(({ offset }) => offset)
  }

  async #poll(handle: RunOptions['handle']): Promise<void> {
    while (this.isAlive) {
      const records = await this.consumer.poll({ timeoutMs: 1_000 })
      const atMs = this.#options.world.elapsedMs
      const batch: Received[] = []
      for (const { topic, partition, offset } of records)
        batch.push({ partition: `${topic}-${partition}`, offset, atMs })
      this.received.push(...batch)
      this.onChange()
      await handle?.(batch)
      await this.#untilResumed()
    }
  }

  async #handle(): Promise<void> {
    await this.consumer.run({
      concurrency: 3,
      eachRecord: async ({ topic, partition, offset }) => {
        await new Promise<void>((resolve) => {
          this.#handled++
          this.#clock.setTimer(`handler ${this.#handled}`, 1 + (this.#handled % 20), resolve)
        })
        await this.#untilResumed()
        this.received.push({ partition: `${topic}-${partition}`, offset, atMs: this.#options.world.elapsedMs })
        this.onChange()
      },
    })
  }

  async #untilResumed(): Promise<void> {
    if (this.isPaused) await new Promise<void>((resolve) => this.#resumes.push(resolve))
  }

  #watch(): void {
    const note = (what: string, partitions: readonly { readonly topic: string; readonly partition: number }[]) => {
      const names = partitions.map(({ topic, partition }) => `${topic}-${partition}`).sort()
      this.events.push([what, ...names].join(' '))
      return names
    }
    // A classic generation begins for this member with its assignment: one that was joined and never synced may come again.
    let joined = -1
    this.hooks.on('generation', ({ generationId }) => {
      joined = generationId
      if (this.#options.options.groupProtocol === 'consumer') this.generationId = generationId
    })
    this.hooks.on('partitionsAssigned', ({ partitions }) => {
      this.generationId = joined
      for (const name of note('assigned', partitions)) this.owned.add(name)
      this.onChange()
    })
    this.hooks.on('partitionsRevoked', ({ partitions }) => {
      for (const name of note('revoked', partitions)) this.owned.delete(name)
    })
    this.hooks.on('partitionsLost', ({ partitions }) => {
      for (const name of note('lost', partitions)) this.owned.delete(name)
    })
  }
}
