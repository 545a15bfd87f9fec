import { asKafkaError } from '@odradek/client'
import type { AdminCall } from './admin-call.ts'
import type { Result, Results } from './results.ts'

/** Asks every broker that the cluster shows, each by itself; ids ascending. A broker that fails or is late has its own error. */
export async function askEachBroker<Value>(
  call: AdminCall,
  ask: (brokerId: number) => Promise<Value>,
): Promise<Results<Value, number>> {
  // Brokers may have come and gone since anybody looked.
  await call.retrying(async () => ({ value: await call.core.view.refresh(call) }))
  return await askBrokers(call, call.core.view.nodeIds, ask)
}

/** Asks brokers by their ids, each by itself. */
export async function askBrokers<Value>(
  call: AdminCall,
  brokerIds: readonly number[],
  ask: (brokerId: number) => Promise<Value>,
): Promise<Results<Value, number>> {
  const results = await Promise.all(
    brokerIds.map(async (brokerId): Promise<readonly [number, Result<Value>]> => {
      try {
        return [brokerId, { value: await ask(brokerId) }]
      } catch (thrown) {
        const error = asKafkaError(thrown, 'PROTOCOL_VIOLATION')
        if (call.isEnd(error) && !call.isTimeout(error)) throw error
        return [brokerId, { error }]
      }
    }),
  )
  return new Map(results)
}
