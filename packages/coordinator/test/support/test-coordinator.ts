import { decodeGroupRecord, encodeGroupRecord, type GroupRecord } from '@odradek/protocol/coordinator-records'
import { rangeGroupAssignor, uniformGroupAssignor } from '@odradek/strategies'
import {
  type CoordinatorContext,
  type CoordinatorResult,
  GroupCoordinatorState,
  isWritten,
  type LaterReply,
  onLoaded,
  onTimer,
  type ReplyId,
  type TimerEvent,
} from '../../src/index.ts'
import { FakeTopics } from './fake-topics.ts'

/** A response that is there, or will be once other members have done their part. */
export class Reply<Response> {
  response: Response | undefined

  /** The response, which has to be there. */
  get now(): Response {
    if (this.response === undefined) throw new Error('the coordinator has not answered yet')
    return this.response
  }
}

interface Timer {
  readonly at: number
  readonly event: TimerEvent
}

/** What every test begins with; Kafka's defaults, but without a delay before the first rebalance. */
export const defaultConfig = {
  groupInitialRebalanceDelayMs: 0,
  groupMinSessionTimeoutMs: 6000,
  groupMaxSessionTimeoutMs: 1_800_000,
  groupMaxSize: 2_147_483_647,
  groupConsumerMaxSize: 2_147_483_647,
  groupConsumerMigrationPolicy: 'bidirectional',
  groupConsumerRegexRefreshIntervalMs: 600_000,
  offsetMetadataMaxBytes: 4096,
  offsetsRetentionMinutes: 10_080,
  offsetsRetentionCheckIntervalMs: 600_000,
}

/** The time at which tests begin. */
export const startMs = 1_000_000

/**
 * A coordinator in a small world: a clock that is moved by hand, a log that takes every record as the bytes it is written in, and
 * replies that are kept until somebody looks.
 */
export class TestCoordinator {
  readonly topics = new FakeTopics()
  readonly config = { ...defaultConfig }
  readonly groupConfig = {
    consumerSessionTimeoutMs: 45_000,
    consumerHeartbeatIntervalMs: 5000,
    consumerAssignmentIntervalMs: 0,
  }
  state = new GroupCoordinatorState()
  now = startMs
  /** Everything that was written, oldest first. */
  readonly log: GroupRecord[] = []
  /** Set to make the log refuse what comes. */
  refuses: 'NOT_ENOUGH_REPLICAS' | undefined
  readonly #timers = new Map<string, Timer>()
  readonly #waiting = new Map<ReplyId, (reply: LaterReply) => void>()
  #nextReply = 0
  #nextId = 0

  constructor(config: Partial<typeof defaultConfig> = {}) {
    Object.assign(this.config, config)
    this.#load()
  }

  /** The keys of the timers that run, in no order. */
  get timers(): readonly string[] {
    return [...this.#timers.keys()].sort()
  }

  context(): CoordinatorContext {
    return {
      now: this.now,
      config: this.config,
      topics: this.topics,
      assignors: new Map([uniformGroupAssignor(), rangeGroupAssignor()].map((assignor) => [assignor.name, assignor])),
      groupConfig: () => this.groupConfig,
      randomUuid: () => `uuid-${++this.#nextId}`,
      randomKafkaUuid: () => `kafka-uuid-${++this.#nextId}`,
    }
  }

  /** Asks, and lets everything happen that the answer brings. */
  ask<Response>(
    operation: (
      state: GroupCoordinatorState,
      context: CoordinatorContext,
      reply: ReplyId,
    ) => CoordinatorResult<Response>,
    laterOf?: (reply: LaterReply) => Response | undefined,
  ): Reply<Response> {
    const reply = new Reply<Response>()
    const id = this.#nextReply++
    this.#waiting.set(id, (answer) => {
      if (reply.response !== undefined) throw new Error('a request was answered twice')
      reply.response = laterOf?.(answer)
    })
    this.#carryOut(operation(this.state, this.context(), id), reply)
    return reply
  }

  /** Lets time pass, timer by timer. */
  advance(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const next = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
      if (next === undefined) break
      const [key, { at, event }] = next
      this.#timers.delete(key)
      this.now = Math.max(this.now, at)
      this.#carryOut(onTimer(this.state, event, this.context()), new Reply())
    }
    this.now = end
  }

  /** Lets timers fire that are due at once. */
  settle(): void {
    this.advance(0)
  }

  /** The records that an operation writes. */
  written(operation: () => void): readonly GroupRecord[] {
    const before = this.log.length
    operation()
    return this.log.slice(before)
  }

  /** The coordinator dies, and another one loads what was written, or only what compaction has left of it. */
  restart({ compacted = false } = {}): void {
    this.state = new GroupCoordinatorState()
    this.#timers.clear()
    this.#waiting.clear()
    for (const record of compacted ? compactedLog(this.log) : this.log) this.state.replay(record, this.#place(record))
    this.#load()
  }

  #load(): void {
    for (const result of onLoaded(this.state, this.context())) this.#carryOut(result, new Reply())
  }

  #place(record: GroupRecord) {
    return { now: this.now, offset: this.log.indexOf(record) }
  }

  #carryOut<Response>(result: CoordinatorResult<Response>, reply: Reply<Response>): void {
    const written = result.records.filter(isWritten)
    if (written.length > 0 && this.refuses !== undefined) {
      if (result.refused !== undefined) this.#carryOut(result.refused(this.refuses), reply)
      return
    }
    for (const record of result.records) {
      if (!isWritten(record)) {
        this.state.replay(record, { now: this.now, offset: -1 })
        continue
      }
      const onDisk = throughBytes(record)
      this.log.push(onDisk)
      this.state.replay(record, this.#place(onDisk))
    }
    for (const { key, delayMs, event, ifAbsent } of result.timers) {
      if (event === null) this.#timers.delete(key)
      else if (ifAbsent !== true || !this.#timers.has(key)) this.#timers.set(key, { at: this.now + delayMs, event })
    }
    if (result.response !== 'later') reply.response = result.response
    for (const answer of result.replies) {
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    }
  }
}

/** The record as a loader reads it. */
export function throughBytes(record: GroupRecord): GroupRecord {
  const { key, value } = encodeGroupRecord(record)
  const decoded = decodeGroupRecord(key, value)
  if (decoded === undefined) throw new Error(`${record.type} is not read back`)
  return decoded
}

/** What the log cleaner leaves: the newest record of each key, in the order of the log, tombstones gone. */
export function compactedLog(log: readonly GroupRecord[]): readonly GroupRecord[] {
  const newest = new Map(log.map((record, index) => [JSON.stringify([record.type, record.key]), index]))
  return log.filter((record, index) => newest.get(JSON.stringify([record.type, record.key])) === index && record.value)
}
