import { KafkaError } from '@odradek/client'
import { getTelemetrySubscriptionsRequest, getTelemetrySubscriptionsResponse } from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'

const telemetryApi = { request: getTelemetrySubscriptionsRequest, response: getTelemetrySubscriptionsResponse }
const notEnabled = 'Telemetry is not enabled. Set config `enable.metrics.push` to `true`.'

/** Waits until the cluster has given this client an id (KIP-714). @throws KafkaError UNSUPPORTED_VERSION when it takes no metrics */
export function clientInstanceId(core: AdminCore, options: CallOptions = {}): Promise<string> {
  return core.run('clientInstanceId', options, async (call) => {
    if (!core.config.enableMetricsPush) {
      throw new KafkaError('ILLEGAL_STATE', notEnabled, { kafkaMessage: notEnabled })
    }
    if (core.clientInstanceId !== undefined) return core.clientInstanceId
    const given = new Promise<string>((resolve) => {
      const end = core.hooks.on('telemetrySubscribed', (event) => {
        end()
        resolve(event.clientInstanceId)
      })
    })
    // Telemetry asks over the first connection to a broker that is known by its id.
    await call.retrying(async () => {
      await core.view.refresh(call)
      const node = await call.node('any')
      const connection = await call.within(node.connect())
      connection.versionOf(telemetryApi)
      return { value: undefined }
    })
    return await call.within(given)
  })
}
