import { KafkaError } from '@odradek/client'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'

const notEnabled = 'Telemetry is not enabled. Set config `enable.metrics.push` to `true`.'

/** Waits until the cluster has given this client an id (KIP-714). */
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
      await call.within(node.connect())
      return { value: undefined }
    })
    return await call.within(given)
  })
}
