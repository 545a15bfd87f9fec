import type { GroupClient, GroupMember, JoinRequest } from './group-client.ts'
import { fromBase64 } from './record.ts'

interface Joined {
  readonly client: string
  readonly member: GroupMember
  assignment: readonly string[]
  readonly values: string[]
}

const patienceMs = 20_000

/** A group of members of many clients; all of them are polled in turn, as an application polls each. */
export class MixedGroup {
  readonly #request: JoinRequest
  readonly #joined = new Map<string, Joined>()

  constructor(request: JoinRequest) {
    this.#request = request
  }

  /** Who is in the group, in the order they joined. */
  get names(): readonly string[] {
    return [...this.#joined.keys()]
  }

  /** Lets a client join, not waiting for what it gets; `name` is what the member is called here. */
  async join(client: GroupClient, options: Partial<JoinRequest> & { readonly name?: string } = {}): Promise<void> {
    const { name = client.name, ...request } = options
    const joining = client.join({ ...this.#request, ...request })
    const member = await this.#pollDuring(joining)
    this.#joined.set(name, { client: client.name, member, assignment: [], values: [] })
  }

  /** Polls until each of `partitions` (as `topic-0`) has one owner and every member has one at least. */
  async untilShared(partitions: readonly string[]): Promise<void> {
    const wanted = [...partitions].sort()
    await this.#pollUntil(`the members share ${wanted.length} partitions`, () => {
      const owned = [...this.#joined.values()].flatMap(({ assignment }) => assignment).sort()
      const isIdle = [...this.#joined.values()].some(({ assignment }) => assignment.length === 0)
      return !isIdle && owned.join() === wanted.join()
    })
  }

  /** Polls until nothing has moved for longer than a coordinator waits between two assignments (`group.consumer.assignment.interval.ms`). */
  async untilSettled(): Promise<void> {
    let [before, since] = ['', performance.now()]
    await this.#pollUntil('the assignments stay as they are', () => {
      const now = JSON.stringify(this.assignments())
      if (now !== before) [before, since] = [now, performance.now()]
      return performance.now() - since > 1_500
    })
  }

  /**
   * Polls until as many records as `expected` came to the members since the last call; returns their values, sorted. What came twice is
   * there once: a busy machine may make a member miss its session, and what it had not committed is read again.
   */
  async read(expected: readonly string[]): Promise<readonly string[]> {
    const all = () => [...this.#joined.values()].flatMap(({ values }) => values)
    await this.#pollUntil(`${expected.length} records come`, () => new Set(all()).size >= expected.length)
    const read = [...new Set(all())].sort()
    for (const { values } of this.#joined.values()) values.length = 0
    return read
  }

  /** What each member is assigned, by its name. */
  assignments(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#joined].map(([name, { assignment }]) => [name, assignment]))
  }

  /** Polls every member once. */
  async poll(): Promise<void> {
    await Promise.all(
      [...this.#joined].map(async ([name, joined]) => {
        const { records, assignment } = await inTime(joined.member.poll(), `${name} was polled`)
        joined.assignment = assignment
        for (const { value } of records) joined.values.push(String(fromBase64(value)))
      }),
    )
  }

  /** Every member commits what it polled. */
  async commit(): Promise<void> {
    await Promise.all([...this.#joined.values()].map(({ member }) => member.commit()))
  }

  /**
   * Members leave one after the other, all when none is named. At once they could meet: a client that is about to join again while it
   * closes keeps the others waiting for its session to end.
   */
  async leave(...names: readonly string[]): Promise<void> {
    for (const name of names.length === 0 ? this.names : names) {
      const { member } = this.#joined.get(name)!
      this.#joined.delete(name)
      await this.#pollDuring(member.leave())
    }
  }

  /** Some clients wait for a rebalance when they join or leave, and others take part in one only when they are polled. */
  async #pollDuring<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    work.then(end, end)
    if (this.#joined.size > 0) await this.#pollUntil('a member joins or leaves', () => isOver)
    return await work
  }

  async #pollUntil(what: string, isDone: () => boolean): Promise<void> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      await this.poll()
      if (isDone()) return
      if (performance.now() < deadline) continue
      const state = [...this.#joined].map(([name, { assignment, values }]) => ({
        name,
        assignment,
        read: values.length,
      }))
      throw new Error(`waited ${patienceMs} ms until ${what}: ${JSON.stringify(state)}`)
    }
  }
}

/** What `work` gives; rejects and names what did not end when it takes as long as a whole test may wait. */
async function inTime<Result>(work: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} and did not return within ${patienceMs} ms`)), patienceMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
