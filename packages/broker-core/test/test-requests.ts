import type { Input } from '@odradek/protocol'
import type {
  FetchRequest,
  FetchResponse,
  FetchResponsePartitionData,
  ProduceResponsePartitionProduceResponse,
} from '@odradek/protocol/messages'
import { produce } from '../src/handlers/00-produce.ts'
import { fetch } from '../src/handlers/01-fetch.ts'
import type { TestBroker } from './test-broker.ts'
import { batchOf } from './test-records.ts'

/** Where a Produce request goes, and how. */
export interface ProduceOptions {
  readonly topic?: string
  readonly partition?: number
  readonly acks?: number
  readonly version?: number
  readonly timeoutMs?: number
}

/** A Produce request with one batch, up to version 12, which names topics. */
export function produceBody(records: Uint8Array | null, options: ProduceOptions = {}) {
  const { topic = 'orders', partition = 0, acks = -1, timeoutMs = 1000 } = options
  return { acks, timeoutMs, topicData: [{ name: topic, partitionData: [{ index: partition, records }] }] }
}

/** Sends one batch and answers what the response says of its partition. */
export async function produceBatch(
  broker: TestBroker,
  records: Uint8Array | null,
  options: ProduceOptions = {},
): Promise<ProduceResponsePartitionProduceResponse> {
  const response = await broker.request(produce, options.version ?? 12, produceBody(records, options))
  const [result] = response.responses[0]?.partitionResponses ?? []
  if (result === undefined) throw new Error('the response has no partition')
  return result
}

/** Sends each of the values in a batch of its own. */
export async function produceValues(broker: TestBroker, values: readonly string[], topic = 'orders'): Promise<void> {
  for (const value of values) {
    const { errorCode } = await produceBatch(broker, batchOf([value]), { topic })
    if (errorCode !== 0) throw new Error(`error ${errorCode}`)
  }
}

/** Where a Fetch request reads. */
export interface FetchOptions {
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  readonly version?: number
  readonly maxBytes?: number
}

/** A Fetch request for one partition by name, up to version 12. */
export function fetchBody(options: FetchOptions = {}): Input<FetchRequest> {
  const { topic = 'orders', partition = 0, offset = 0, maxBytes = 1_048_576 } = options
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_048_576,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: maxBytes }] }],
  }
}

/** The one partition of a Fetch response. */
export function onlyPartition(response: FetchResponse): FetchResponsePartitionData {
  const [partition] = response.responses[0]?.partitions ?? []
  if (partition === undefined) throw new Error(`the response has no partition: error ${response.errorCode}`)
  return partition
}

/** Reads one partition and answers what the response says of it. */
export async function fetchOne(broker: TestBroker, options: FetchOptions = {}): Promise<FetchResponsePartitionData> {
  return onlyPartition(await broker.request(fetch, options.version ?? 12, fetchBody(options)))
}
