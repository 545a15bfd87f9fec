/** Something that will happen in a simulated world. */
export interface SimEvent {
  /** Virtual milliseconds since the world began. */
  readonly atMs: number
  /** Events of the same time happen in the order they were scheduled. */
  readonly sequence: number
  /** Says what happens, in words that are the same in each run of a seed. */
  readonly label: string
  readonly run: () => void
  cancelled: boolean
}

/** The events to come, earliest first: a binary heap. */
export class EventQueue {
  readonly #heap: SimEvent[] = []

  /** The next event, left in the queue. Cancelled ones are dropped on the way. */
  peek(): SimEvent | undefined {
    while (this.#heap[0]?.cancelled) this.#removeFirst()
    return this.#heap[0]
  }

  /** Takes the next event. */
  pop(): SimEvent | undefined {
    const first = this.peek()
    if (first !== undefined) this.#removeFirst()
    return first
  }

  push(event: SimEvent): void {
    const heap = this.#heap
    let index = heap.length
    while (index > 0) {
      const parent = (index - 1) >>> 1
      if (!before(event, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}

function before(a: SimEvent, b: SimEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence)
}
