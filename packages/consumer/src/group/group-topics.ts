import { backoffMs, type ClientCore } from '@odradek/client'
import { late, type Waits } from './waits.ts'

/** What the topics are watched with. */
export interface GroupTopicsOptions {
  readonly core: ClientCore
  readonly waits: Waits
  /** Metadata came. */
  readonly onUpdate: () => void
}

/** The topics of a group in the metadata: waited for, kept from being forgotten, and asked for again while they are missing. */
export class GroupTopics {
  readonly #options: GroupTopicsOptions
  readonly #waiting = new Set<() => void>()
  #topics: ReadonlySet<string> = new Set()
  #failures = 0
  #isAsking = false

  constructor(options: GroupTopicsOptions) {
    this.#options = options
    options.core.metadata.onUpdate(() => {
      for (const look of [...this.#waiting]) look()
      this.#askAgain()
      options.onUpdate()
    })
  }

  /** From now on these are the topics of the group. */
  watch(topics: Iterable<string>): void {
    const { metadata } = this.#options.core
    this.#topics = new Set(topics)
    this.#failures = 0
    for (const topic of this.#topics) metadata.touch(topic)
    this.#askAgain()
  }

  /**
   * Waits until the cluster has told what it knows of each topic, be it that there is none of that name; at most `timeoutMs`. Kafka:
   * `ensureFreshMetadata`.
   */
  async fresh(topics: Iterable<string>, timeoutMs: number): Promise<void> {
    const { core, waits } = this.#options
    const wanted = [...topics]
    for (const topic of wanted) core.metadata.touch(topic)
    if (wanted.every((topic) => this.#isTold(topic))) return
    let look = () => {}
    const told = new Promise<void>((resolve) => {
      look = () => {
        if (wanted.every((topic) => this.#isTold(topic))) resolve()
      }
    })
    this.#waiting.add(look)
    core.metadata.requestUpdate()
    const outcome = await waits.within(told, timeoutMs)
    this.#waiting.delete(look)
    if (outcome === late) core.context.logger.warn('metadata of the topics of the group is late', { topics: wanted })
  }

  #isTold(topic: string): boolean {
    const { metadata } = this.#options.core
    return metadata.topic(topic) !== undefined || metadata.cluster.topicErrors.has(topic)
  }

  /** A subscribed topic that does not exist may come to be at any time. */
  #askAgain(): void {
    const { core, waits } = this.#options
    const { config, random } = core.context
    if (this.#isAsking || [...this.#topics].every((topic) => core.metadata.topic(topic) !== undefined)) return
    this.#isAsking = true
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = config
    const delayMs = backoffMs(this.#failures++, { initialMs, maxMs, random })
    waits.sleep(delayMs).then(
      () => {
        this.#isAsking = false
        for (const topic of this.#topics) core.metadata.touch(topic)
        core.metadata.requestUpdate()
      },
      () => undefined,
    )
  }
}
