import { type AssignorName, Consumer } from '@odradek/consumer'
import { type GroupClient, type GroupMember, groupProtocols, type JoinRequest } from '../group-client.ts'
import { base64 } from '../record.ts'

/** The consumer of this project, as one of many. */
export class OdradekGroupClient implements GroupClient {
  readonly name = 'odradek'
  readonly protocols = groupProtocols

  async join({ bootstrap, groupId, topics, protocol }: JoinRequest): Promise<GroupMember> {
    const consumer = new Consumer({
      bootstrapServers: bootstrap,
      groupId,
      enableAutoCommit: false,
      autoOffsetReset: 'earliest',
      fetchMaxWaitMs: 50,
      ...(protocol === 'consumer'
        ? { groupProtocol: 'consumer' }
        : {
            groupProtocol: 'classic',
            heartbeatIntervalMs: 200,
            sessionTimeoutMs: 20_000,
            partitionAssignmentStrategy: [protocol satisfies AssignorName],
          }),
    })
    consumer.subscribe(topics)
    return {
      async poll() {
        const records = [...(await consumer.poll({ timeoutMs: 100 }))].map((record) => ({
          partition: record.partition,
          offset: record.offset,
          timestamp: record.timestamp,
          key: base64(record.key),
          value: base64(record.value),
          headers: record.headers.map((header) => [header.key, base64(header.value)] as const),
        }))
        const assignment = consumer.assignment().map(({ topic, partition }) => `${topic}-${partition}`)
        return { records, assignment: assignment.sort() }
      },
      commit: () => consumer.commit(),
      leave: () => consumer.close(),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every member has its own connections.
  }
}
