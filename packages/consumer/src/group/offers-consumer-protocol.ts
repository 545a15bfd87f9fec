import { isRetriable, KafkaError } from '@odradek/client'
import { apiVersionsRequest, apiVersionsResponse } from '@odradek/protocol/messages'
import { consumerGroupHeartbeatApi } from './consumer-heartbeat.ts'
import type { CoordinatorConnection } from './coordinator-connection.ts'
import type { Waits } from './waits.ts'

const apiVersionsApi = { request: apiVersionsRequest, response: apiVersionsResponse }
/** The first version that tells which features the cluster has turned on. */
const tellsFeaturesSince = 3

/**
 * Whether groups can use the consumer protocol (KIP-848): the coordinator knows it, and the cluster has `group.version` 1 or newer. Asks as
 * often as it takes. @throws KafkaError what no retry mends, or CLIENT_CLOSED
 */
export async function offersConsumerProtocol(
  connection: CoordinatorConnection,
  { waits, retryBackoffMs }: { readonly waits: Waits; readonly retryBackoffMs: number },
): Promise<boolean> {
  for (;;) {
    try {
      return await ask(connection)
    } catch (error) {
      if (!isRetriable(error)) throw error
      await waits.sleep(retryBackoffMs)
    }
  }
}

async function ask(connection: CoordinatorConnection): Promise<boolean> {
  if ((await connection.versionOf(consumerGroupHeartbeatApi)) === undefined) return false
  const software = { clientSoftwareName: 'odradek', clientSoftwareVersion: '0.1.0' }
  const { errorCode, finalizedFeatures } = await connection.request(
    apiVersionsApi,
    (version) => (version < tellsFeaturesSince ? {} : software),
    { maxVersion: 4 },
  )
  if (errorCode !== 0) throw KafkaError.fromCode(errorCode, { api: 'ApiVersions' })
  return finalizedFeatures.some(({ name, maxVersionLevel }) => name === 'group.version' && maxVersionLevel >= 1)
}
