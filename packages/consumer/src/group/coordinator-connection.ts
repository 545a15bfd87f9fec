/**
 * The coordinator of a group: finding it, and a connection of its own to it. Of its own, because a broker answers the requests of one
 * connection in their order: heartbeats would wait behind a fetch, and fetches behind a JoinGroup that waits for other members. Kafka's
 * client keeps such a connection for the same reason (under the id `Integer.MAX_VALUE - nodeId`).
 */
import { type Api, asKafkaError, BrokerNode, backoffMs, type ClientCore, KafkaError } from '@odradek/client'
import type { Input } from '@odradek/protocol'
import { findCoordinatorRequest, findCoordinatorResponse } from '@odradek/protocol/messages'
import type { Address } from '@odradek/runtime'
import type { Waits } from './waits.ts'

/** What the connection is made with. */
export interface CoordinatorConnectionOptions {
  readonly core: ClientCore
  readonly groupId: string
  readonly waits: Waits
}

/** How a coordinator is asked. */
export interface CoordinatorRequestOptions {
  /** Milliseconds until the answer has to be there; `request.timeout.ms` when left out. */
  readonly timeoutMs?: number
  /** The newest version to use, when it is not the newest that both sides know. */
  readonly maxVersion?: number
}

const findCoordinatorApi = { request: findCoordinatorRequest, response: findCoordinatorResponse }
const groupKeyType = 0
/** The first version that asks for several coordinators at once (KIP-699). */
const asksForManySince = 4

/** Errors after which the coordinator has to be looked for again. */
const coordinatorLost: ReadonlySet<string> = new Set([
  'CONNECTION_FAILED',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
])

/** Kafka: `CoordinatorRequestManager`. */
export class CoordinatorConnection {
  readonly #options: CoordinatorConnectionOptions
  #node: BrokerNode | undefined
  #isKnown = false
  #finding: Promise<void> | undefined
  #failures = 0
  #made = 0
  #isClosed = false

  constructor(options: CoordinatorConnectionOptions) {
    this.#options = options
  }

  /** Whether a broker is believed to be the coordinator. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  /**
   * Resolves when the coordinator is known; looks for it as often as it takes.
   * @throws KafkaError what no retry mends, such as GROUP_AUTHORIZATION_FAILED, or CLIENT_CLOSED
   */
  find(): Promise<void> {
    if (this.#isKnown) return Promise.resolve()
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined
    })
    return this.#finding
  }

  /** Takes note of an error of the coordinator: after some it has to be looked for again. */
  noteError(error: KafkaError): void {
    if (coordinatorLost.has(error.code)) this.markUnknown(error.message)
  }

  /** The broker that is asked is not, or no longer, the coordinator. Kafka: `markCoordinatorUnknown`. */
  markUnknown(reason: string): void {
    if (!this.#isKnown) return
    this.#isKnown = false
    this.#options.core.context.logger.info('the group coordinator is unknown', {
      groupId: this.#options.groupId,
      nodeId: this.#node?.nodeId,
      reason,
    })
  }

  /** The newest version of an API that the coordinator serves and this client knows; undefined when there is none. */
  async versionOf(api: Api<object, object>): Promise<number | undefined> {
    await this.find()
    try {
      const connection = await this.#connected()
      return connection.versionOf(api)
    } catch (error) {
      if (error instanceof KafkaError && error.code === 'UNSUPPORTED_VERSION') return undefined
      this.noteError(asKafkaError(error, 'PROTOCOL_VIOLATION'))
      throw error
    }
  }

  /** Asks the coordinator, which has to be known. Errors inside the answer are the caller's. @throws KafkaError */
  async request<Request extends object, Response extends object>(
    api: Api<Request, Response>,
    bodyOf: (version: number) => Input<Request>,
    options: CoordinatorRequestOptions = {},
  ): Promise<Response> {
    const { timeoutMs = this.#options.core.context.config.requestTimeoutMs, maxVersion } = options
    try {
      const connection = await this.#connected()
      const newest = connection.versionOf(api)
      const version = maxVersion === undefined ? newest : Math.min(newest, maxVersion)
      return await connection.request(api, bodyOf(version), { timeoutMs, version })
    } catch (error) {
      const failure = asKafkaError(error, 'PROTOCOL_VIOLATION')
      this.noteError(failure)
      throw failure
    }
  }

  /** Gives up what waits for an answer and goes on with a new connection to the same broker. */
  startOver(): void {
    const node = this.#node
    if (node === undefined) return
    this.#node = this.#makeNode(node.nodeId, node.address)
    node.close()
  }

  /** Ends the connection; what waits for an answer fails. */
  close(): void {
    this.#isClosed = true
    this.#isKnown = false
    this.#node?.close()
  }

  async #connected() {
    if (this.#node === undefined || !this.#isKnown) {
      throw new KafkaError('COORDINATOR_NOT_AVAILABLE', `the coordinator of group ${this.#options.groupId} is unknown`)
    }
    return await this.#node.connect()
  }

  async #find(): Promise<void> {
    const { core, groupId, waits } = this.#options
    const { config, random, logger } = core.context
    for (;;) {
      try {
        if (this.#isClosed) throw new KafkaError('CLIENT_CLOSED', 'the consumer was closed')
        this.#take(await this.#ask())
        this.#failures = 0
        return
      } catch (error) {
        const failure = asKafkaError(error, 'PROTOCOL_VIOLATION')
        if (!failure.retriable || this.#isClosed) throw failure
        const retryInMs = backoffMs(this.#failures, {
          initialMs: config.retryBackoffMs,
          maxMs: config.retryBackoffMaxMs,
          random,
        })
        this.#failures++
        logger.debug('the group coordinator was not found', { groupId, reason: failure.message, retryInMs })
        await waits.sleep(retryInMs)
      }
    }
  }

  async #ask(): Promise<{ readonly nodeId: number; readonly host: string; readonly port: number }> {
    const { core, groupId } = this.#options
    const connection = await core.network.leastLoadedNode().connect()
    const version = connection.versionOf(findCoordinatorApi)
    const key = { keyType: groupKeyType }
    const body = version >= asksForManySince ? { ...key, coordinatorKeys: [groupId] } : { ...key, key: groupId }
    const response = await connection.request(findCoordinatorApi, version === 0 ? { key: groupId } : body, {
      timeoutMs: core.context.config.requestTimeoutMs,
      version,
    })
    const found = version >= asksForManySince ? response.coordinators[0] : response
    if (found === undefined)
      throw new KafkaError('COORDINATOR_NOT_AVAILABLE', 'FindCoordinator was answered with nothing')
    if (found.errorCode !== 0)
      throw KafkaError.fromCode(found.errorCode, { api: 'FindCoordinator' }, found.errorMessage)
    return found
  }

  #take({ nodeId, host, port }: { readonly nodeId: number; readonly host: string; readonly port: number }): void {
    const known = this.#node
    this.#isKnown = true
    if (known?.nodeId === nodeId && known.address.host === host && known.address.port === port) return
    known?.close()
    this.#node = this.#makeNode(nodeId, { host, port })
  }

  #makeNode(nodeId: number, address: Address): BrokerNode {
    const { core, groupId } = this.#options
    this.#made++
    return new BrokerNode({
      context: core.context,
      nodeId,
      address,
      rack: null,
      name: `coordinator of ${groupId} (${this.#made})`,
      clusterId: () => core.metadata.cluster.clusterId,
      onChange: () => {},
    })
  }
}
