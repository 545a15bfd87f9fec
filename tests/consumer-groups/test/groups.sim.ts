import { isDeepStrictEqual } from 'node:util'
import { type ConsumerOptions, KafkaError } from '@odradek/consumer'
import type { SimRandom } from '@odradek/runtime/sim'
import { runSeeds } from '@odradek/runtime/sim'
import { expect, test } from 'vitest'
import { GroupLedger } from '../src/group-ledger.ts'
import type { GroupMember } from '../src/group-member.ts'
import { GroupWorld } from '../src/group-world.ts'

const command = 'npx vitest run tests/consumer-groups/test/groups.sim.ts'
const partitions = 4
const mostMembers = 4

const ways: readonly Partial<ConsumerOptions>[] = [
  { partitionAssignmentStrategy: 'range' },
  { partitionAssignmentStrategy: 'cooperative-sticky' },
  { partitionAssignmentStrategy: 'sticky' },
  { groupProtocol: 'consumer' },
]

/** One run: a group under faults for some seconds, then in peace until it has read everything. */
class GroupRun {
  readonly #group: GroupWorld
  readonly #chance: SimRandom
  readonly #options: Partial<ConsumerOptions>
  readonly #ledger: GroupLedger
  readonly #sends: Promise<void>[] = []
  readonly #failures: unknown[] = []
  #count = 0
  #sent = 0

  constructor(group: GroupWorld) {
    this.#group = group
    this.#chance = group.world.random.fork('faults')
    this.#options = { ...ways[this.#chance.nextInt(ways.length)], maxPollIntervalMs: 4_000, requestTimeoutMs: 3_000 }
    this.#ledger = new GroupLedger(group.members)
  }

  async run(steps: number): Promise<void> {
    const { world } = this.#group
    world.network.configure({ latencyMs: [0.5, 10], resetRate: 0.001, refuseRate: 0.02 })
    this.#join()
    this.#join()
    for (let step = 0; step < steps; step++) {
      await this.#step()
      this.#send()
      await world.runFor(this.#chance.nextInt(1_500))
    }
    await this.#makePeace()
    expect(this.#ledger.violations).toEqual([])
    await this.#readAll()
    expect(this.#ledger.violations).toEqual([])
  }

  get #alive(): GroupMember[] {
    return this.#group.members.filter(({ isAlive }) => isAlive)
  }

  #join(): void {
    const name = `member ${++this.#count}`
    const isStatic = this.#chance.nextInt(3) === 0
    const member = this.#group.member(name, { ...this.#options, ...(isStatic ? { groupInstanceId: name } : {}) })
    this.#ledger.watch(member)
    member.start({ way: this.#chance.nextInt(2) === 0 ? 'poll' : 'handlers' })
  }

  async #step(): Promise<void> {
    const { world } = this.#group
    const member = this.#alive[this.#chance.nextInt(Math.max(1, this.#alive.length))]
    switch (this.#chance.nextInt(9)) {
      case 0:
      case 1:
        if (this.#alive.length < mostMembers) this.#join()
        return
      case 2:
        if (this.#alive.length > 1) this.#sends.push(member?.stop() ?? Promise.resolve())
        return
      case 3:
        if (this.#alive.length > 1) member?.crash()
        return
      case 4:
        member?.pause()
        return
      case 5:
        member?.resume()
        return
      case 6:
        if (member !== undefined) world.network.reset(member.host, 'broker')
        return
      case 7:
        if (member === undefined) return
        if (this.#chance.nextInt(2) === 0) world.network.lose(member.host, 'broker')
        else world.network.partition([member.host], ['broker'])
        return
      case 8:
        this.#group.killBroker()
        await world.runFor(this.#chance.nextInt(2_000))
        await this.#group.startBroker()
        return
    }
  }

  #send(): void {
    this.#sent++
    this.#sends.push(this.#group.send({ partitions }).catch((error: unknown) => void this.#failures.push(error)))
  }

  async #makePeace(): Promise<void> {
    const { world } = this.#group
    world.network.heal()
    world.network.configure({ latencyMs: [0.5, 3], resetRate: 0, refuseRate: 0 })
    for (const member of this.#alive) member.resume()
    if (this.#alive.length === 0) this.#join()
    await world.settle(Promise.all(this.#sends))
    expect(this.#failures).toEqual([])
  }

  /** Everything is read and committed, every partition has one owner, and nobody failed. */
  async #readAll(): Promise<void> {
    const names = Array.from({ length: partitions }, (_, partition) => `orders-${partition}`)
    const isDone = () => names.every((name) => this.#ledger.missing(name, this.#sent).length === 0)
    await this.#group.until(isDone, 120_000)
    // A member that does not know yet that it was removed may seem to own everything for a while.
    const wanted = { owned: names, committed: names.map(() => this.#sent) }
    let state = await this.#state(names)
    for (let waited = 0; waited < 60 && !isDeepStrictEqual(state, wanted); waited++) {
      await this.#group.world.runFor(2_000)
      state = await this.#state(names)
    }
    expect(state).toEqual(wanted)
    const errors = this.#group.members.map(({ error }) => error)
    expect(errors.filter((error) => error !== undefined && !isForgottenByCoordinator(error))).toEqual([])
  }

  async #state(names: readonly string[]): Promise<{ owned: string[]; committed: (number | undefined)[] }> {
    const owned = this.#alive.flatMap((member) => [...member.owned]).sort()
    const asked = names.map((_, partition) => ({ topic: 'orders', partition }))
    const found = await this.#group.world.settle(this.#alive[0]!.consumer.committed(asked))
    return { owned, committed: [...found.values()].map((offset) => offset?.offset) }
  }
}

/**
 * As in Kafka, the new id of a static member that came back during a rebalance is written down at the end of that rebalance: a coordinator
 * that is killed before knows the old one, and takes the member for an impostor of itself.
 */
function isForgottenByCoordinator(error: unknown): boolean {
  return error instanceof KafkaError && error.code === 'FENCED_INSTANCE_ID'
}

test('whatever happens to members, network and coordinator, every record is read, no partition has two owners, and nothing stalls', {
  timeout: 240_000,
}, async () => {
  await runSeeds({ command, seeds: 12 }, async (seed) => {
    await using group = await GroupWorld.start({ seed, partitions })
    await new GroupRun(group).run(25)
  })
})
