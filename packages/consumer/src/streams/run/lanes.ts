/** Work of one lane that comes after what the lane has already. */
export interface LaneTask {
  readonly lane: string
}

interface Lane<Task> {
  readonly name: string
  tasks: Task[]
  at: number
}

interface Waiting<Task> {
  readonly matches: (task: Task) => boolean
  readonly resolve: () => void
}

/**
 * Tasks in lanes: those of one lane run one after the other, those of different lanes side by side, at most `concurrency` in all. Lanes take
 * turns, so a long one keeps no other waiting.
 */
export class Lanes<Task extends LaneTask> {
  readonly #concurrency: number
  readonly #work: (task: Task) => void | Promise<void>
  readonly #lanes = new Map<string, Lane<Task>>()
  #ready: Lane<Task>[] = []
  #readyAt = 0
  readonly #running = new Set<Task>()
  #waiting: Waiting<Task>[] = []
  #isStarting = false

  /** `work` never fails; what it answers is awaited before the lane goes on. */
  constructor(concurrency: number, work: (task: Task) => void | Promise<void>) {
    this.#concurrency = concurrency
    this.#work = work
  }

  /** Tasks under way. */
  get running(): ReadonlySet<Task> {
    return this.#running
  }

  /** Adds a task behind those of its lane. `start` begins it. */
  add(task: Task): void {
    const known = this.#lanes.get(task.lane)
    if (known !== undefined) {
      known.tasks.push(task)
      return
    }
    const lane = { name: task.lane, tasks: [task], at: 0 }
    this.#lanes.set(task.lane, lane)
    this.#ready.push(lane)
  }

  /** Runs as many tasks as may run. */
  start(): void {
    // Work that ends at once calls this again; one loop is enough, and does not pile up on the stack.
    if (this.#isStarting) return
    this.#isStarting = true
    while (this.#running.size < this.#concurrency) {
      const lane = this.#ready[this.#readyAt]
      if (lane === undefined) break
      this.#readyAt++
      this.#run(lane)
    }
    this.#ready = this.#ready.slice(this.#readyAt)
    this.#readyAt = 0
    this.#isStarting = false
  }

  /** Forgets tasks that have not begun; those under way stay. */
  drop(isDropped: (task: Task) => boolean): void {
    for (const lane of this.#lanes.values()) {
      const begun = lane.tasks[lane.at]
      const rest = lane.tasks.slice(lane.at).filter((task) => {
        return (task === begun && this.#running.has(task)) || !isDropped(task)
      })
      lane.tasks = rest
      lane.at = 0
      if (rest.length > 0) continue
      this.#lanes.delete(lane.name)
      this.#ready = this.#ready.filter((ready) => ready !== lane)
    }
  }

  /** Resolves when no task like that is under way. */
  async untilNone(matches: (task: Task) => boolean): Promise<void> {
    if (![...this.#running].some(matches)) return
    await new Promise<void>((resolve) => this.#waiting.push({ matches, resolve }))
  }

  #run(lane: Lane<Task>): void {
    const task = lane.tasks[lane.at]!
    this.#running.add(task)
    const working = this.#work(task)
    if (working === undefined) {
      this.#ended(lane, task)
      return
    }
    void working.then(() => {
      this.#ended(lane, task)
      this.start()
    })
  }

  #ended(lane: Lane<Task>, task: Task): void {
    this.#running.delete(task)
    this.#tellWaiting()
    lane.at++
    if (lane.at < lane.tasks.length) {
      this.#ready.push(lane)
      if (lane.at > 1_000) {
        lane.tasks = lane.tasks.slice(lane.at)
        lane.at = 0
      }
      return
    }
    this.#lanes.delete(lane.name)
  }

  #tellWaiting(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = waiting.filter(({ matches, resolve }) => {
      if ([...this.#running].some(matches)) return true
      resolve()
      return false
    })
  }
}
