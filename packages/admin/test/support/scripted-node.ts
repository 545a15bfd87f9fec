import { encodeResponseFrame, FrameDecoder, Reader, readRequestHeader, zeroUuid } from '@odradek/protocol'
import { requestType, responseType } from '@odradek/protocol/lookup'
import type { FindCoordinatorRequest, MetadataRequest } from '@odradek/protocol/messages'
import type { Connection, Transport } from '@odradek/runtime'

/** How a node is made. */
export interface ScriptedNodeOptions {
  readonly transport: Transport
  readonly nodeId: number
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
}

/** A request as it came. */
export interface SeenRequest {
  readonly api: string
  readonly version: number
  readonly body: object
}

/** What a script answers: a body, nothing at all, or the end of the connection. */
export type ScriptedAnswer = object | 'silent' | 'close'

const apiVersionsKey = 18
const metadataKey = 3
const findCoordinatorKey = 10

/** A node of a simulated cluster that answers as its script says, and Metadata and FindCoordinator by itself. */
export class ScriptedNode {
  readonly seen: SeenRequest[] = []
  /** Answers by the names of APIs: `CreateTopics`. */
  readonly answers = new Map<string, (body: never, version: number) => ScriptedAnswer>()
  /** Newest versions by api key, older than ours; -1 for an API that is not served. */
  readonly maxVersions = new Map<number, number>()
  controllerId = 1
  coordinatorId = 1
  /** Leaders by partition; node 1 leads the others. */
  readonly leaders = new Map<number, number>()
  readonly #options: ScriptedNodeOptions

  constructor(options: ScriptedNodeOptions) {
    this.#options = options
  }

  /** The bodies of the requests of one API, in their order. */
  requests(api: string): readonly object[] {
    return this.seen.filter((request) => request.api === api).map(({ body }) => body)
  }

  /** Listens at its address. */
  async listen(): Promise<void> {
    const { transport, brokers, nodeId } = this.#options
    const { host, port } = brokers[nodeId - 1]!
    await transport.listen({ host, port }, (connection) => this.#accept(connection))
  }

  #accept(connection: Connection): void {
    const frames = new FrameDecoder()
    connection.start({
      data: (chunk) => {
        for (const frame of frames.push(chunk)) this.#handle(connection, frame)
      },
      close: () => undefined,
    })
  }

  #handle(connection: Connection, frame: Uint8Array): void {
    const reader = new Reader(frame)
    const { requestApiKey: key, requestApiVersion: version, correlationId } = readRequestHeader(reader)
    const type = requestType(key)!
    const api = type.name.replace(/Request$/, '')
    const body = type.read(reader, version)
    this.seen.push({ api, version, body })
    const answer = this.answers.get(api)?.(body as never, version) ?? this.#own(key, { body, version })
    if (answer === 'silent') return
    if (answer === 'close') connection.destroy()
    else connection.write(encodeResponseFrame(responseType(key)!, answer, { version, correlationId }))
  }

  #own(key: number, { body, version }: { readonly body: object; readonly version: number }): ScriptedAnswer {
    switch (key) {
      case apiVersionsKey:
        return { apiKeys: this.#apiKeys() }
      case metadataKey:
        return this.#metadata(body as MetadataRequest)
      case findCoordinatorKey:
        return this.#coordinators(body as FindCoordinatorRequest, version)
      default:
        return 'silent'
    }
  }

  #apiKeys(): readonly object[] {
    const keys = Array.from({ length: 95 }, (_, key) => key)
    return keys.flatMap((apiKey) => {
      const type = requestType(apiKey)
      const maxVersion = this.maxVersions.get(apiKey) ?? type?.maxVersion ?? -1
      return maxVersion < 0 || type === undefined ? [] : [{ apiKey, minVersion: type.minVersion, maxVersion }]
    })
  }

  #metadata({ topics }: MetadataRequest): object {
    const { brokers } = this.#options
    const partitions = [0, 1, 2].map((partitionIndex) => {
      const leaderId = this.leaders.get(partitionIndex) ?? 1
      return { partitionIndex, leaderId, replicaNodes: [leaderId], isrNodes: [leaderId] }
    })
    const rows = (topics ?? []).map(({ name }) => ({ name, topicId: zeroUuid, partitions }))
    return { clusterId: 'cluster', controllerId: this.controllerId, brokers, topics: rows }
  }

  #coordinators({ key, coordinatorKeys }: FindCoordinatorRequest, version: number): object {
    const place = { nodeId: this.coordinatorId, host: 'broker-1', port: 9092 }
    return version < 4
      ? { key, ...place }
      : { coordinators: coordinatorKeys.map((group) => ({ key: group, ...place })) }
  }
}
