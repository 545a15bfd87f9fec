import {
  type ErrorName,
  encodeResponseFrame,
  errors,
  FrameDecoder,
  Reader,
  readRequestHeader,
  zeroUuid,
} from '@odradek/protocol'
import { requestType, responseType } from '@odradek/protocol/lookup'
import type {
  FetchRequest,
  FetchRequestPartition,
  ListOffsetsRequest,
  MetadataRequest,
  OffsetForLeaderEpochRequest,
} from '@odradek/protocol/messages'
import type { Clock, Connection, Transport } from '@odradek/runtime'
import { ScriptedLog } from './scripted-log.ts'

/** A Fetch request as it came. */
export interface ReceivedFetch {
  readonly nodeId: number
  readonly number: number
  readonly atMs: number
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly rackId: string
  /** `topic-partition@offset`, those that the request names. */
  readonly named: readonly string[]
  readonly forgotten: readonly string[]
}

/** What the script says of a Fetch: nothing special, no answer, the end of the connection, or an error of the whole or of each partition. */
export type FetchVerdict =
  | undefined
  | 'silent'
  | 'close'
  | { readonly error: ErrorName }
  | { readonly partitionError: ErrorName }
  | { readonly change: (records: Uint8Array) => Uint8Array }

type Session = Map<string, { readonly topic: string } & FetchRequestPartition>

/** Brokers of a simulated world that share logs, as if replication took no time. */
export class ScriptedCluster {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
  readonly fetches: ReceivedFetch[] = []
  readonly logs = new Map<string, ScriptedLog>()
  readonly leaders = new Map<string, number>()
  readonly topicErrors = new Map<string, ErrorName>()
  readonly internalTopics = new Set<string>()
  /** Where a leader sends readers of a rack (KIP-392). */
  readonly preferredReplicas = new Map<string, number>()
  onFetch: (fetch: ReceivedFetch) => FetchVerdict = () => undefined
  onListOffsets: () => ErrorName | undefined = () => undefined
  /** Whether a broker that does not lead tells who does (KIP-951). */
  tellsLeader = false
  throttleTimeMs = 0
  metadataRequests = 0
  validations = 0
  readonly #clock: Clock
  readonly #sessions = new Map<number, Session>()
  #nextSessionId = 1
  #timers = 0

  constructor(size: number, clock: Clock) {
    this.#clock = clock
    this.brokers = Array.from({ length: size }, (_, index) => {
      return { nodeId: index + 1, host: index === 0 ? 'broker' : `broker-${index + 1}`, port: 9092 }
    })
  }

  /** The log of a partition, made when it is first asked for. */
  log(topic: string, partition = 0): ScriptedLog {
    const key = `${topic}-${partition}`
    const known = this.logs.get(key)
    if (known !== undefined) return known
    const made = new ScriptedLog()
    this.logs.set(key, made)
    return made
  }

  /** Forgets every fetch session. */
  forgetSessions(): void {
    this.#sessions.clear()
  }

  /** Makes a broker lead a partition in a new epoch; what is behind `endOffset` is lost. */
  elect(
    nodeId: number,
    at: { readonly topic: string; readonly partition?: number; readonly endOffset?: number },
  ): void {
    this.leaders.set(`${at.topic}-${at.partition ?? 0}`, nodeId)
    this.log(at.topic, at.partition).elect(at.endOffset)
  }

  /** Listens as one of the brokers. */
  async listen(nodeId: number, transport: Transport): Promise<void> {
    const { host, port } = this.brokers[nodeId - 1]!
    await transport.listen({ host, port }, (connection) => {
      const frames = new FrameDecoder()
      connection.start({
        data: (chunk) => {
          for (const frame of frames.push(chunk)) this.#handle(nodeId, connection, frame)
        },
        close: () => undefined,
      })
    })
  }

  #handle(nodeId: number, connection: Connection, frame: Uint8Array): void {
    const reader = new Reader(frame)
    const { requestApiKey: key, requestApiVersion: version, correlationId } = readRequestHeader(reader)
    const body = requestType(key)!.read(reader, version)
    const answer = (response: object | undefined, delayMs = 0) => {
      const send = () => {
        if (response !== undefined)
          connection.write(encodeResponseFrame(responseType(key)!, response, { version, correlationId }))
      }
      if (delayMs === 0) send()
      else this.#clock.setTimer(`answer ${this.#timers++}`, delayMs, send)
    }
    switch (key) {
      case 1:
        this.#fetch(nodeId, body as FetchRequest, { answer, connection })
        break
      case 2:
        answer(this.#listOffsets(nodeId, body as ListOffsetsRequest))
        break
      case 3:
        answer(this.#metadata(body as MetadataRequest))
        break
      case 23:
        answer(this.#endOffsets(body as OffsetForLeaderEpochRequest))
        break
      default:
        answer({ errorCode: 0, apiKeys: servedVersions() })
    }
  }

  #leaderOf(key: string): number {
    return this.leaders.get(key) ?? 1
  }

  #metadata({ topics }: MetadataRequest): object {
    this.metadataRequests++
    const known = [...new Set([...this.logs.keys()].map((key) => key.slice(0, key.lastIndexOf('-'))))]
    const names = topics?.map(({ name }) => name ?? '') ?? known
    return {
      clusterId: 'cluster',
      controllerId: 1,
      brokers: this.brokers,
      topics: names.map((name) => {
        const error = this.topicErrors.get(name) ?? (known.includes(name) ? 'NONE' : 'UNKNOWN_TOPIC_OR_PARTITION')
        if (error !== 'NONE') return { name, errorCode: errors[error].code, topicId: zeroUuid }
        const rows = [...this.logs].filter(([key]) => key.slice(0, key.lastIndexOf('-')) === name)
        const partitions = rows.map(([key, log]) => {
          const replicaNodes = this.brokers.map(({ nodeId }) => nodeId)
          const partitionIndex = Number(key.slice(key.lastIndexOf('-') + 1))
          const leaderId = this.#leaderOf(key)
          return { partitionIndex, leaderId, leaderEpoch: log.epoch, replicaNodes, isrNodes: replicaNodes }
        })
        return { name, errorCode: 0, topicId: zeroUuid, isInternal: this.internalTopics.has(name), partitions }
      }),
    }
  }

  #listOffsets(nodeId: number, { topics, isolationLevel }: ListOffsetsRequest): object {
    const refused = this.onListOffsets()
    return {
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const key = `${name}-${partitionIndex}`
          const error = refused ?? (this.#leaderOf(key) === nodeId ? undefined : 'NOT_LEADER_OR_FOLLOWER')
          if (error !== undefined) return { partitionIndex, errorCode: errors[error].code }
          const log = this.log(name, partitionIndex)
          const end = isolationLevel === 1 ? log.lastStableOffset : log.endOffset
          const byTime = log.batches.find(({ lastOffset }) => 1_000 + lastOffset >= timestamp)?.baseOffset ?? -1
          const offset = timestamp === -1 ? end : timestamp === -2 ? log.logStartOffset : byTime
          return { partitionIndex, errorCode: 0, offset, timestamp: -1, leaderEpoch: log.epoch }
        }),
      })),
    }
  }

  #endOffsets({ topics }: OffsetForLeaderEpochRequest): object {
    this.validations++
    return {
      topics: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition, leaderEpoch }) => {
          return { partition, errorCode: 0, ...this.log(topic, partition).endOf(leaderEpoch) }
        }),
      })),
    }
  }

  #fetch(
    nodeId: number,
    request: FetchRequest,
    { answer, connection }: { answer: (response: object, delayMs?: number) => void; connection: Connection },
  ): void {
    const named = request.topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => `${topic}-${partition}@${fetchOffset}`),
    )
    const forgotten = request.forgottenTopicsData.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => `${topic}-${partition}`),
    )
    const { sessionId, sessionEpoch, rackId } = request
    const atMs = this.#clock.monotonicMs()
    const seen = { nodeId, number: this.fetches.length, atMs, sessionId, sessionEpoch, rackId, named, forgotten }
    this.fetches.push(seen)
    const verdict = this.onFetch(seen)
    if (verdict === 'close') connection.destroy()
    if (verdict === 'close' || verdict === 'silent') return
    const session = this.#session(request)
    const refusal = session === undefined ? 'FETCH_SESSION_ID_NOT_FOUND' : undefined
    const error = typeof verdict === 'object' && 'error' in verdict ? verdict.error : refusal
    if (error !== undefined || session === undefined) {
      answer({ errorCode: errors[error ?? 'NONE'].code, responses: [] })
      return
    }
    const rows = [...session.partitions].map(([key, asked]) => {
      return { topic: asked.topic, data: this.#read({ nodeId, key, asked, request, verdict }) }
    })
    const told = session.isNew ? rows : rows.filter(({ data }) => data.errorCode !== 0 || data.records.length > 0)
    const isEmpty = rows.every(({ data }) => data.errorCode === 0 && data.records.length === 0)
    const response = {
      throttleTimeMs: this.throttleTimeMs,
      errorCode: 0,
      sessionId: session.id,
      nodeEndpoints: [],
      responses: told.map(({ topic, data }) => ({ topic, partitions: [data] })),
    }
    answer(response, isEmpty ? request.maxWaitMs : 0)
  }

  #session({ sessionId, sessionEpoch, topics, forgottenTopicsData }: FetchRequest) {
    const named = topics.flatMap(({ topic, partitions }) => partitions.map((row) => ({ topic, ...row })))
    if (sessionEpoch === 0) {
      const id = this.#nextSessionId++
      const partitions: Session = new Map(named.map((row) => [`${row.topic}-${row.partition}`, row]))
      this.#sessions.set(id, partitions)
      return { id, partitions, isNew: true }
    }
    const partitions = this.#sessions.get(sessionId)
    if (partitions === undefined) return undefined
    for (const { topic, partitions: rows } of forgottenTopicsData) {
      for (const partition of rows) partitions.delete(`${topic}-${partition}`)
    }
    for (const row of named) partitions.set(`${row.topic}-${row.partition}`, row)
    return { id: sessionId, partitions, isNew: false }
  }

  #read(at: {
    readonly nodeId: number
    readonly key: string
    readonly asked: { readonly topic: string } & FetchRequestPartition
    readonly request: FetchRequest
    readonly verdict: FetchVerdict
  }) {
    const { nodeId, key, asked, request, verdict } = at
    const log = this.log(asked.topic, asked.partition)
    const isCommitted = request.isolationLevel === 1
    const { endOffset, lastStableOffset, logStartOffset } = log
    const row = {
      partitionIndex: asked.partition,
      errorCode: 0,
      highWatermark: endOffset,
      lastStableOffset,
      logStartOffset,
      records: new Uint8Array() as Uint8Array,
    }
    const error = this.#refusal(at, log)
    if (error !== undefined) {
      const tells = error === 'NOT_LEADER_OR_FOLLOWER' && this.tellsLeader
      const currentLeader = { leaderId: this.#leaderOf(key), leaderEpoch: log.epoch }
      return { ...row, errorCode: errors[error].code, ...(tells ? { currentLeader } : {}) }
    }
    const preferred = this.preferredReplicas.get(request.rackId)
    if (preferred !== undefined && preferred !== nodeId) return { ...row, preferredReadReplica: preferred }
    const limit = { maxBytes: asked.partitionMaxBytes, endOffset: isCommitted ? lastStableOffset : endOffset }
    const records = log.read(asked.fetchOffset, limit)
    const changed = typeof verdict === 'object' && 'change' in verdict ? verdict.change(records) : records
    const reaching = log.aborted.filter(({ lastOffset }) => lastOffset >= asked.fetchOffset)
    return { ...row, records: changed, ...(isCommitted ? { abortedTransactions: reaching } : {}) }
  }

  #refusal(
    at: {
      readonly nodeId: number
      readonly key: string
      readonly asked: FetchRequestPartition
      readonly request: FetchRequest
      readonly verdict: FetchVerdict
    },
    log: ScriptedLog,
  ): ErrorName | undefined {
    const { nodeId, key, asked, request, verdict } = at
    if (typeof verdict === 'object' && 'partitionError' in verdict) return verdict.partitionError
    const isFollower = this.#leaderOf(key) !== nodeId
    if (isFollower && this.preferredReplicas.get(request.rackId) !== nodeId) return 'NOT_LEADER_OR_FOLLOWER'
    if (asked.currentLeaderEpoch !== -1 && asked.currentLeaderEpoch < log.epoch) return 'FENCED_LEADER_EPOCH'
    if (asked.fetchOffset < log.logStartOffset || asked.fetchOffset > log.endOffset) return 'OFFSET_OUT_OF_RANGE'
    return undefined
  }
}

/** What the brokers serve. Names are easier to script than ids. */
function servedVersions(): object[] {
  return [1, 2, 3, 18, 23].map((apiKey) => {
    const { minVersion, maxVersion } = requestType(apiKey)!
    return { apiKey, minVersion, maxVersion: apiKey === 1 ? 12 : maxVersion }
  })
}
