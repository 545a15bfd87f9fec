import { errors } from '@odradek/protocol'
import type { GroupRecord } from '@odradek/protocol/coordinator-records'
import { runSeeds, SimRandom } from '@odradek/runtime/sim'
import { expect, test } from 'vitest'
import { GroupCoordinatorState } from '../src/index.ts'
import { durableState } from './support/durable-state.ts'
import {
  ClassicClient,
  ConsumerClient,
  commit,
  groupId,
  type SimulatedClient,
  simulatedSessionMs,
} from './support/simulated-client.ts'
import { compactedLog, TestCoordinator } from './support/test-coordinator.ts'

const command = 'npx vitest run packages/coordinator/test/groups.sim.ts'

test('a group of classic members keeps its promises whatever happens to them', () =>
  runSeeds({ command, seeds: 60 }, (seed) => new GroupSimulation(seed, ['classic']).run()))

test('a group of members of the consumer protocol keeps its promises whatever happens to them', () =>
  runSeeds({ command, seeds: 60 }, (seed) => new GroupSimulation(seed, ['consumer']).run()))

test('a group of members of both protocols keeps its promises while it moves from one to the other and back', () =>
  runSeeds({ command, seeds: 60 }, (seed) => new GroupSimulation(seed, ['classic', 'consumer']).run()))

interface Player {
  readonly client: SimulatedClient
  isAlive: boolean
  pausedUntil: number
}

/**
 * Clients join, beat, leave, crash, pause and lose answers; topics are made and grow; the coordinator dies and is loaded again, from
 * a compacted log or a whole one. After every event all promises are looked at; at the end the trouble ends, and the group has to
 * become stable with every partition read by exactly one client.
 */
class GroupSimulation {
  readonly #random: SimRandom
  readonly #kinds: readonly SimulatedClient['kind'][]
  readonly #coordinator: TestCoordinator
  readonly #players: Player[] = []
  /** Names some client had and lost since, to commit with. */
  readonly #past: { readonly memberId: string; readonly epoch: number }[] = []
  #generation = 0
  #checkedRecords = 0
  #names = 0

  constructor(seed: number, kinds: readonly SimulatedClient['kind'][]) {
    this.#random = new SimRandom(seed)
    this.#kinds = kinds
    const delays = { groupInitialRebalanceDelayMs: this.#random.pick([0, 3000]), groupMaxSize: 6 }
    this.#coordinator = new TestCoordinator({ ...delays, groupConsumerMaxSize: 6, offsetsRetentionMinutes: 1e6 })
    this.#coordinator.groupConfig.consumerSessionTimeoutMs = simulatedSessionMs
    this.#coordinator.groupConfig.consumerAssignmentIntervalMs = this.#random.pick([0, 1000])
    this.#coordinator.topics.create('t', 1 + this.#random.nextInt(6))
    this.#coordinator.topics.create('u', 1 + this.#random.nextInt(3))
  }

  run(): void {
    for (let event = 0; event < 200; event++) {
      this.#disturb()
      this.#check()
    }
    this.#heal()
  }

  #disturb(): void {
    const random = this.#random
    const player = this.#players.length === 0 ? undefined : random.pick(this.#players)
    switch (random.nextInt(14)) {
      case 0:
        if (this.#players.length < 6) this.#add()
        break
      case 1:
        player?.client.leave()
        break
      case 2:
        if (player !== undefined) player.isAlive = false
        break
      case 3:
        player?.client.restart()
        if (player !== undefined) player.isAlive = true
        break
      case 4:
        if (player !== undefined) player.pausedUntil = this.#coordinator.now + random.nextInt(30_000)
        break
      case 5:
        this.#restartCoordinator()
        break
      case 6:
        this.#changeTopics()
        break
      case 7:
        this.#commitFromThePast()
        break
      default:
        this.#letTimePass(random.nextInt(4000))
    }
  }

  #add(): void {
    const random = this.#random
    const kind = random.pick(this.#kinds)
    const name = `m${this.#names++}`
    const topics = random.chance(0.8) ? ['t', 'u'] : ['t']
    const instanceId = random.chance(0.3) ? `i${random.nextInt(3)}` : null
    const coordinator = this.#coordinator
    const isTaken = this.#players.some(({ client }) => client.instanceId === instanceId)
    const options = { name, topics, instanceId: isTaken ? null : instanceId }
    const client =
      kind === 'classic' ? new ClassicClient(coordinator, options) : new ConsumerClient(coordinator, options)
    this.#players.push({ client, isAlive: true, pausedUntil: 0 })
  }

  #restartCoordinator(): void {
    this.#coordinator.restart({ compacted: this.#random.chance(0.5) })
    for (const { client } of this.#players) client.disconnected()
    // A join phase that had not ended is forgotten, and its generation with it.
    const group = this.#coordinator.state.group(groupId)
    if (group?.type === 'classic') this.#generation = Math.min(this.#generation, group.generationId)
  }

  #changeTopics(): void {
    const { topics } = this.#coordinator
    const grown = this.#random.pick(['t', 'u'])
    const count = topics.byName(grown)?.partitionCount ?? 0
    if (count < 8) topics.grow(grown, count + 1)
    const player = this.#players.find(({ client }) => client instanceof ConsumerClient)
    if (player?.client instanceof ConsumerClient) player.client.subscribe(this.#random.pick([['t'], ['t', 'u']]))
  }

  /** A commit of a member that is not what it was any more may only be taken for what it has had all the time. */
  #commitFromThePast(): void {
    if (this.#past.length === 0) return
    const by = this.#random.pick(this.#past)
    const index = this.#random.nextInt(8)
    const error = commit(this.#coordinator, by, { topic: 't', index })
    const group = this.#coordinator.state.group(groupId)
    if (group?.type === 'consumer') {
      const member = group.members.get(by.memberId)
      const topicId = this.#coordinator.topics.byName('t')!.topicId
      const since =
        member?.assignedPartitions.get(topicId)?.get(index) ??
        member?.partitionsPendingRevocation.get(topicId)?.get(index)
      const isOwner = since !== undefined && since <= by.epoch
      if (member?.memberEpoch !== by.epoch) expect(error === 0).toBe(isOwner && by.epoch < (member?.memberEpoch ?? 0))
      return
    }
    const isCurrent = group?.members.has(by.memberId) === true && group.generationId === by.epoch
    if (!isCurrent) expect(error).not.toBe(errors.NONE.code)
  }

  #letTimePass(ms: number): void {
    this.#coordinator.advance(ms)
    for (const player of this.#random.shuffle(this.#players)) {
      const { client, isAlive, pausedUntil } = player
      if (!isAlive || pausedUntil > this.#coordinator.now) continue
      const { memberId, epoch } = client
      client.act(this.#random.chance(0.1))
      if (epoch > 0 && (client.memberId !== memberId || client.epoch !== epoch)) this.#past.push({ memberId, epoch })
      this.#check()
    }
  }

  #check(): void {
    const group = this.#coordinator.state.group(groupId)
    if (group === undefined) return
    const readers = new Map<string, string>()
    for (const { client } of this.#players) {
      if (!this.#isCurrent(client)) continue
      for (const partition of client.owned) {
        expect(readers.get(partition), `${partition} has two readers`).toBeUndefined()
        readers.set(partition, client.memberId)
      }
    }
    const generation = group.type === 'classic' ? group.generationId : group.groupEpoch
    if (group.type === 'consumer') expect(group.assignmentEpoch).toBeLessThanOrEqual(group.groupEpoch)
    if (!this.#hasBegunAnew()) expect(generation).toBeGreaterThanOrEqual(this.#generation)
    this.#generation = generation
  }

  /** An empty group makes way for one of the other protocol, whose epochs begin anew. */
  #hasBegunAnew(): boolean {
    const { log } = this.#coordinator
    const isEnd = ({ type, value }: GroupRecord) =>
      value === null && (type === 'GroupMetadata' || type === 'ConsumerGroupMetadata')
    const hasEnded = log.slice(this.#checkedRecords).some(isEnd)
    this.#checkedRecords = log.length
    return hasEnded
  }

  /** The client is at the epoch the coordinator has for it, so what it reads is its own. */
  #isCurrent({ memberId, epoch }: SimulatedClient): boolean {
    const group = this.#coordinator.state.group(groupId)
    if (group?.type === 'consumer') {
      const member = group.members.get(memberId)
      return member !== undefined && epoch > 0 && member.memberEpoch === epoch
    }
    return group?.members.has(memberId) === true && group.generationId === epoch
  }

  #heal(): void {
    // A classic group that lost a rebalance with its coordinator, or whose leader missed a change, learns of it with the next one.
    const { length } = this.#players
    this.#players.splice(0, length, ...this.#players.filter(({ isAlive }) => isAlive).slice(0, 5))
    this.#add()
    for (let round = 0; round < 40; round++) {
      this.#coordinator.advance(2000)
      for (const player of this.#players) if (player.isAlive) player.client.act(false)
      this.#check()
    }
    this.#checkCoverage()
    this.#checkReplay()
  }

  #checkCoverage(): void {
    const living = this.#players.filter(({ isAlive }) => isAlive).map(({ client }) => client)
    const members = living.filter((client) => this.#isCurrent(client))
    if (members.length === 0) return
    expect(this.#coordinator.state.group(groupId)?.state).toBe('Stable')
    const read = members.flatMap(({ owned }) => [...owned]).sort()
    const { topics } = this.#coordinator
    const expected = ['t', 'u'].flatMap((topic) => {
      const isRead = read.some((partition) => partition.startsWith(`${topic}-`))
      const count = isRead ? (topics.byName(topic)?.partitionCount ?? 0) : 0
      return Array.from({ length: count }, (_, partition) => `${topic}-${partition}`)
    })
    expect(read).toEqual(expected.sort())
    expect(read.some((partition) => partition.startsWith('t-'))).toBe(true)
  }

  /** A coordinator that loads the log knows what this one knows, also after compaction. */
  #checkReplay(): void {
    const { state, log, now } = this.#coordinator
    for (const records of [log, compactedLog(log)]) {
      const loaded = new GroupCoordinatorState()
      for (const record of records) loaded.replay(record, { now, offset: log.indexOf(record) })
      expect(durableState(loaded)).toEqual(durableState(state))
    }
  }
}
