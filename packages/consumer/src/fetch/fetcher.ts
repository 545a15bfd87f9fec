/**
 * Fetches ahead of the application: one request at a time to each broker, for all partitions that may be read there and have nothing in the
 * buffer. A paused partition keeps what it has and is not fetched. Answers go to the buffer as they are; nobody but `poll` looks into them.
 *
 * Unlike Kafka's, this fetcher asks a broker for the partitions that ran dry while others of it still have something buffered. The session
 * drops and takes back the latter, which costs some bytes a request; in turn the next records travel while the present ones are worked on.
 * Kafka: `Fetcher`, `AbstractFetch`.
 */
import { asKafkaError, type BrokerNode, backoffMs, type KafkaConnection, type KafkaError } from '@odradek/client'
import { errorByCode, errors, zeroUuid } from '@odradek/protocol'
import { type FetchResponse, fetchRequest, fetchResponse } from '@odradek/protocol/messages'
import type { TopicPartitionState } from '../topic-partition-state.ts'
import { CompletedFetch } from './completed-fetch.ts'
import type { FetchContext } from './fetch-collector.ts'
import { FetchSession, type PartitionFetch, type SessionRequest } from './fetch-session.ts'
import type { TopicReaders } from './record-readers.ts'

const fetchApi = { request: fetchRequest, response: fetchResponse }
/** The last version that names topics instead of giving their ids (KIP-516). */
const lastVersionWithNames = 12

const retryTimer = 'consumer fetch retry'

/** What a fetcher is made with. */
export interface FetcherOptions extends FetchContext {
  readonly readers: TopicReaders
  /** Called when an answer came, or may be asked for again. */
  readonly onProgress: () => void
}

/** What is known of fetching from one broker. */
interface FetchedNode {
  readonly session: FetchSession
  isPending: boolean
  failures: number
  notBeforeMs: number
}

/** Asks brokers for records. */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #nodes = new Map<number, FetchedNode>()
  #isClosed = false

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  /** Sends what may be sent now. */
  sendFetches(): void {
    if (this.#isClosed) return
    for (const [nodeId, states] of this.#fetchable()) this.#sendTo(nodeId, states)
  }

  /** Connects to the leaders of the assigned partitions while the positions to fetch from are looked up. */
  connectAhead(): void {
    const { subscriptions, core } = this.#options
    for (const { topic, partition } of subscriptions.partitions) {
      const leaderId = core.metadata.topic(topic)?.partitions[partition]?.leaderId ?? -1
      // Whoever needs the connection then asks again, and is told why there is none.
      core.network
        .node(leaderId)
        ?.connect()
        .catch(() => undefined)
    }
  }

  /** Which broker does not answer fetches; undefined when none fails. */
  get waitsFor(): string | undefined {
    for (const [nodeId, { failures }] of this.#nodes) {
      if (failures > 0) return `broker ${nodeId}, at which ${failures} fetches have failed`
    }
    return undefined
  }

  /** Ends the sessions with the brokers, and takes no more answers. */
  close(): void {
    this.#isClosed = true
    const { clock } = this.#options.core.context
    clock.cancelTimer(retryTimer)
    for (const nodeId of this.#nodes.keys()) clock.cancelTimer(nodeTimer(nodeId))
    for (const [nodeId, { session }] of this.#nodes) {
      const request = session.end()
      const connection = this.#options.core.network.node(nodeId)?.connection
      if (request === undefined || connection === undefined) continue
      const body = { ...this.#limits(), ...request, maxWaitMs: 0, minBytes: 0 }
      // The broker forgets an idle session by itself; telling it is a courtesy whose answer nobody waits for.
      connection.request(fetchApi, body, this.#requestOptions(connection, session)).catch(() => undefined)
    }
  }

  /** The partitions to fetch, by the broker to fetch them from. */
  #fetchable(): Map<number, TopicPartitionState[]> {
    const { subscriptions, buffer, core } = this.#options
    const byNode = new Map<number, TopicPartitionState[]>()
    const nowMs = core.context.clock.monotonicMs()
    for (const state of subscriptions.partitions) {
      if (!state.isFetchable || buffer.has(state)) continue
      if (state.nextRetryMs > nowMs) {
        core.context.clock.setTimer(retryTimer, state.nextRetryMs - nowMs, this.#options.onProgress)
        continue
      }
      const nodeId = this.#replicaOf(state, nowMs)
      if (nodeId === -1) {
        core.metadata.requestUpdate()
        continue
      }
      const states = byNode.get(nodeId)
      if (states === undefined) byNode.set(nodeId, [state])
      else states.push(state)
    }
    return byNode
  }

  /** The preferred replica while it is in the metadata, else the leader. Kafka: `selectReadReplica`. */
  #replicaOf(state: TopicPartitionState, nowMs: number): number {
    const { core } = this.#options
    const preferred = state.preferredReadReplica(nowMs)
    if (preferred !== -1) {
      const known = core.metadata.topic(state.topic)?.partitions[state.partition]
      const isOnline = known?.replicas.includes(preferred) === true && !known.offlineReplicas.includes(preferred)
      if (isOnline && core.network.node(preferred) !== undefined) return preferred
      state.clearPreferredReadReplica()
      core.metadata.requestUpdate()
    }
    return state.position?.currentLeader.leaderId ?? -1
  }

  #sendTo(nodeId: number, states: readonly TopicPartitionState[]): void {
    const { core } = this.#options
    const known = this.#nodeOf(nodeId)
    if (known.isPending) return
    const { clock } = core.context
    const waitMs = known.notBeforeMs - clock.monotonicMs()
    const node = core.network.node(nodeId)
    if (waitMs > 0) clock.setTimer(nodeTimer(nodeId), waitMs, this.#options.onProgress)
    else if (node === undefined) core.metadata.requestUpdate()
    else this.#connectAndFetch(known, node, states)
  }

  #connectAndFetch(known: FetchedNode, node: BrokerNode, states: readonly TopicPartitionState[]): void {
    const { connection, nodeId } = node
    known.isPending = true
    if (connection !== undefined) {
      this.#fetch(node, connection, states)
      return
    }
    node.connect().then(
      () => {
        known.isPending = false
        this.sendFetches()
      },
      (error: unknown) => this.#failed(nodeId, asKafkaError(error, 'CONNECTION_FAILED')),
    )
  }

  #fetch(node: BrokerNode, connection: KafkaConnection, states: readonly TopicPartitionState[]): void {
    const { core, hooks } = this.#options
    const { session } = this.#nodeOf(node.nodeId)
    const asked = new Map<string, { readonly fetch: PartitionFetch; readonly state: TopicPartitionState }>()
    for (const state of states) {
      const fetch = this.#partitionFetch(state)
      asked.set(FetchSession.keyOf(fetch), { fetch, state })
    }
    const request = session.build([...asked.values()].map(({ fetch }) => fetch))
    const { sessionId, sessionEpoch } = request
    hooks.emit('fetchSent', { nodeId: node.nodeId, sessionId, sessionEpoch, partitions: asked.size })
    const sentMs = core.context.clock.monotonicMs()
    connection.request(fetchApi, this.#body(request), this.#requestOptions(connection, session)).then(
      (response) => this.#received({ nodeId: node.nodeId, sentMs, response, asked }),
      (error: unknown) => this.#failed(node.nodeId, asKafkaError(error, 'PROTOCOL_VIOLATION')),
    )
  }

  #body(request: SessionRequest) {
    const { clientRack: rackId } = this.#options.config
    return { ...this.#limits(), ...request, rackId }
  }

  #limits() {
    const { fetchMaxWaitMs, fetchMinBytes, fetchMaxBytes, isolationLevel } = this.#options.config
    return {
      maxWaitMs: fetchMaxWaitMs,
      minBytes: fetchMinBytes,
      maxBytes: fetchMaxBytes,
      isolationLevel: isolationLevel === 'read_committed' ? 1 : 0,
    }
  }

  #requestOptions(connection: KafkaConnection, session: FetchSession) {
    const newest = connection.versionOf(fetchApi)
    const version = session.usesTopicIds ? newest : Math.min(newest, lastVersionWithNames)
    return { timeoutMs: this.#options.config.requestTimeoutMs, version }
  }

  #partitionFetch(state: TopicPartitionState): PartitionFetch {
    const { core, config } = this.#options
    const { topic, partition } = state
    const { offset, currentLeader } = state.position!
    return {
      topic,
      topicId: core.metadata.topic(topic)?.topicId ?? zeroUuid,
      partition,
      fetchOffset: offset,
      currentLeaderEpoch: currentLeader.leaderEpoch,
      partitionMaxBytes: config.maxPartitionFetchBytes,
    }
  }

  #received(answer: ReceivedFetch): void {
    if (this.#isClosed) return
    const { nodeId, response } = answer
    const { core } = this.#options
    const node = this.#nodeOf(nodeId)
    node.isPending = false
    node.failures = 0
    node.notBeforeMs = response.throttleTimeMs > 0 ? core.context.clock.monotonicMs() + response.throttleTimeMs : 0
    this.#tell(answer)
    if (response.errorCode === errors.FETCH_SESSION_ID_NOT_FOUND.code) node.session.forget()
    else if (!node.session.handleResponse(response)) {
      if (response.errorCode === errors.FETCH_SESSION_TOPIC_ID_ERROR.code) core.metadata.requestUpdate()
      if (response.errorCode !== 0) this.#backOff(node)
    } else this.#take(answer, node.session)
    this.#options.onProgress()
  }

  #take({ response, asked }: ReceivedFetch, session: FetchSession): void {
    const { buffer, config, readers } = this.#options
    const checkCrcs = config.checkCrcs
    const isReadCommitted = config.isolationLevel === 'read_committed'
    for (const { topic, topicId, partitions } of response.responses) {
      for (const data of partitions) {
        const known = session.asked(topic, topicId, data.partitionIndex)
        const found = known === undefined ? undefined : asked.get(FetchSession.keyOf(known))
        if (found === undefined) continue
        const { state, fetch } = found
        if (data.errorCode !== 0) this.#takeLeader(state, data, response)
        const { fetchOffset } = fetch
        const topicReaders = readers.of(state.topic)
        buffer.add(new CompletedFetch({ state, fetchOffset, data, readers: topicReaders, checkCrcs, isReadCommitted }))
      }
    }
  }

  /** A broker that does not lead may tell who does (KIP-951). */
  #takeLeader(
    { topic, partition }: TopicPartitionState,
    { currentLeader }: FetchedPartition,
    { nodeEndpoints: endpoints }: FetchResponse,
  ): void {
    const { leaderId, leaderEpoch } = currentLeader
    if (leaderId < 0 || leaderEpoch < 0) return
    this.#options.core.metadata.updateLeader({ topic, partition, leaderId, leaderEpoch, endpoints })
  }

  #failed(nodeId: number, error: KafkaError): void {
    if (this.#isClosed) return
    const { core, hooks, subscriptions } = this.#options
    const node = this.#nodeOf(nodeId)
    node.isPending = false
    node.session.reset()
    this.#backOff(node)
    core.context.logger.debug('a fetch failed', { nodeId, error: error.code, reason: error.message })
    hooks.emit('fetchReceived', { nodeId, partitions: 0, bytes: 0, latencyMs: 0, throttleTimeMs: 0, error: error.code })
    for (const { topic, partition } of node.session.partitions) {
      subscriptions.stateOf({ topic, partition })?.clearPreferredReadReplica()
    }
    core.metadata.requestUpdate()
    this.#options.onProgress()
  }

  #backOff(node: FetchedNode): void {
    const { clock, random } = this.#options.core.context
    const { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs } = this.#options.config
    node.notBeforeMs = clock.monotonicMs() + backoffMs(node.failures, { initialMs, maxMs, random })
    node.failures++
  }

  #tell({ nodeId, response, sentMs }: ReceivedFetch): void {
    const { hooks, core } = this.#options
    if (!hooks.has('fetchReceived')) return
    const { throttleTimeMs, errorCode } = response
    let partitions = 0
    let bytes = 0
    for (const topic of response.responses) {
      for (const { records } of topic.partitions) {
        partitions++
        bytes += records?.length ?? 0
      }
    }
    const latencyMs = core.context.clock.monotonicMs() - sentMs
    const error = errorCode === 0 ? null : errorByCode(errorCode).name
    hooks.emit('fetchReceived', { nodeId, partitions, bytes, latencyMs, throttleTimeMs, error })
  }

  #nodeOf(nodeId: number): FetchedNode {
    const known = this.#nodes.get(nodeId)
    if (known !== undefined) return known
    const made: FetchedNode = { session: new FetchSession(), isPending: false, failures: 0, notBeforeMs: 0 }
    this.#nodes.set(nodeId, made)
    return made
  }
}

function nodeTimer(nodeId: number): string {
  return `consumer fetch ${nodeId}`
}

interface ReceivedFetch {
  readonly nodeId: number
  readonly sentMs: number
  readonly response: FetchResponse
  readonly asked: ReadonlyMap<string, { readonly fetch: PartitionFetch; readonly state: TopicPartitionState }>
}

type FetchedPartition = FetchResponse['responses'][number]['partitions'][number]
