import { randomUUID } from 'node:crypto'
import { type ClientCore, ConfigTable, clientConfigs, createClientCore, securityConfigs } from '@odradek/client'
import { encode } from '@odradek/protocol'
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
  consumerProtocolAssignment,
  findCoordinatorRequest,
  findCoordinatorResponse,
  initProducerIdRequest,
  initProducerIdResponse,
  joinGroupRequest,
  joinGroupResponse,
  shareGroupHeartbeatRequest,
  shareGroupHeartbeatResponse,
  syncGroupRequest,
  syncGroupResponse,
} from '@odradek/protocol/messages'

const table = new ConfigTable({ ...clientConfigs, ...securityConfigs })
const joinApi = { request: joinGroupRequest, response: joinGroupResponse }
const findCoordinatorApi = {
  request: { ...findCoordinatorRequest, maxVersion: 3 },
  response: findCoordinatorResponse,
}
const keyTypes = { group: 0, transaction: 1 } as const
const syncApi = { request: syncGroupRequest, response: syncGroupResponse }
const consumerApi = { request: consumerGroupHeartbeatRequest, response: consumerGroupHeartbeatResponse }
const shareApi = { request: shareGroupHeartbeatRequest, response: shareGroupHeartbeatResponse }
const initProducerIdApi = { request: { ...initProducerIdRequest, maxVersion: 4 }, response: initProducerIdResponse }
const addPartitionsApi = {
  request: { ...addPartitionsToTxnRequest, maxVersion: 3 },
  response: addPartitionsToTxnResponse,
}

/** Members of groups and writers of transactions, request by request, so that an admin client has something to see. */
export class ForeignMembers implements Disposable {
  readonly #core: ClientCore

  constructor(bootstrap: string) {
    const { values: config } = table.parse({ bootstrapServers: bootstrap, clientId: 'member' })
    this.#core = createClientCore({ config, ports: {}, metadataMaxIdleMs: 300_000, allowAutoTopicCreation: false })
  }

  /** Joins a classic group as its leader and takes partition 0 of the topic. */
  async joinClassicGroup(groupId: string, topic: string, groupInstanceId: string): Promise<string> {
    const { network } = this.#core
    await this.#findCoordinator('group', groupId)
    const metadata = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    const joined = await this.#untilServed(() =>
      network.request(network.leastLoadedNode(), joinApi, {
        groupId,
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 30_000,
        memberId: '',
        groupInstanceId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata }],
      }),
    )
    const assigned = encode(consumerProtocolAssignment, { assignedPartitions: [{ topic, partitions: [0] }] }, 0)
    const { memberId, generationId } = joined
    const synced = await network.request(network.leastLoadedNode(), syncApi, {
      groupId,
      generationId,
      memberId,
      groupInstanceId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments: [{ memberId, assignment: new Uint8Array([0, 0, ...assigned]) }],
    })
    if (synced.errorCode !== 0) throw new Error(`SyncGroup: error ${synced.errorCode}`)
    return memberId
  }

  /** Joins a group of the consumer protocol. */
  async joinConsumerGroup(groupId: string, topic: string): Promise<string> {
    const { network } = this.#core
    await this.#findCoordinator('group', groupId)
    const memberId = randomUUID()
    const join = { groupId, memberId, memberEpoch: 0, rebalanceTimeoutMs: 30_000, topicPartitions: [] }
    await this.#untilServed(() =>
      network.request(network.leastLoadedNode(), consumerApi, { ...join, subscribedTopicNames: [topic] }),
    )
    return memberId
  }

  /** Joins a share group. */
  async joinShareGroup(groupId: string, topic: string): Promise<string> {
    const { network } = this.#core
    await this.#findCoordinator('group', groupId)
    const memberId = randomUUID()
    await this.#untilServed(() =>
      network.request(network.leastLoadedNode(), shareApi, {
        groupId,
        memberId,
        memberEpoch: 0,
        subscribedTopicNames: [topic],
      }),
    )
    return memberId
  }

  /** Begins a transaction on partition 0 of the topic and leaves it open. */
  async beginTransaction(transactionalId: string, topic: string): Promise<number> {
    const { network } = this.#core
    await this.#findCoordinator('transaction', transactionalId)
    const body = { transactionalId, transactionTimeoutMs: 60_000 }
    const producer = await this.#untilServed(() => network.request(network.leastLoadedNode(), initProducerIdApi, body))
    const { producerId, producerEpoch } = producer
    const added = await network.request(network.leastLoadedNode(), addPartitionsApi, {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [0] }],
    })
    const code = added.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode
    if (code !== 0) throw new Error(`AddPartitionsToTxn: error ${code}`)
    return producerId
  }

  /** The first question makes the coordinator's topic. */
  async #findCoordinator(type: keyof typeof keyTypes, key: string): Promise<void> {
    const { network } = this.#core
    const body = { key, keyType: keyTypes[type] }
    await this.#untilServed(() => network.request(network.leastLoadedNode(), findCoordinatorApi, body))
  }

  /** Coordinators load their topic when they are first asked; errors 14 to 16 say so. */
  async #untilServed<Answer extends { readonly errorCode: number }>(ask: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await ask()
      if (answer.errorCode === 0) return answer
      if (attempt > 100 || answer.errorCode < 14 || answer.errorCode > 16) {
        throw new Error(`error ${answer.errorCode} after ${attempt} attempts`)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  [Symbol.dispose](): void {
    this.#core.close()
  }
}
