import { KafkaError } from '@odradek/client'

/** What a listing of groups found. @throws KafkaError with Kafka's own message where no broker was reached */
export async function listedGroups<Groups>(list: () => Promise<Groups>): Promise<Groups> {
  try {
    return await list()
  } catch (error) {
    const isUnreachable =
      error instanceof KafkaError && error.kafkaMessage?.startsWith('Timed out waiting for a node') === true
    if (!isUnreachable) throw error
    const message = 'Failed to find brokers to send ListGroups'
    throw new NoBrokersError(message, { cause: error })
  }
}

/** No broker could be asked for its groups. Kafka's client throws its most general exception then. */
export class NoBrokersError extends Error {
  override readonly name = 'NoBrokersError'
}
