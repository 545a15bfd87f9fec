import { errors, RecordBatchBuilder } from '@odradek/protocol'
import { describe, expect, test } from 'vitest'
import { apis } from '../src/client-apis.ts'
import { MachineRun } from '../src/machine-run.ts'

/** One batch of a producer, as bytes of its own for each request. */
function batch(producerId: number): Uint8Array {
  const producer = { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: false }
  const builder = new RecordBatchBuilder({ producer })
  builder.append({ value: 'once', timestamp: 1_767_225_600_000 })
  return builder.close().slice()
}

describe('a write that fails', () => {
  test.each([1, -1])('is not acknowledged to a retry that comes in the same turn, with acks=%i', async (acks) => {
    const run = new MachineRun(1)
    await run.create()
    const [first, second] = [await run.connect(), await run.connect()]
    // What arrives at one instant is handled in one turn.
    run.world.network.configureLink('client', 'broker', { latencyMs: [1, 1], splitRate: 0 })
    run.disk.fail({ matches: ({ operation }) => operation === 'append', times: Number.POSITIVE_INFINITY })
    const send = async (client: typeof first) => {
      const partitionData = [{ index: 0, records: batch(4711) }]
      const topicData = [{ name: 'cached', partitionData }]
      const { responses } = await client.request(apis.produce, { acks, timeoutMs: 100, topicData })
      return responses[0]?.partitionResponses[0]?.errorCode
    }
    const answers = await run.world.settle(Promise.all([send(first), send(second)]))
    const { code } = errors.KAFKA_STORAGE_ERROR
    expect(answers).toEqual([code, code])
  })
})
