import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultLogConfig, LogRegistry, type PartitionLog } from '@odradek/log'
import { RecordBatchView } from '@odradek/protocol'
import { NodeClock, NodeRandom, NodeStorage } from '@odradek/runtime/node'

const derived = ['.index', '.timeindex', '.txnindex', '.snapshot', '-checkpoint', '.kafka_cleanshutdown']

/** Copies a data directory without anything that can be made from the batches. */
export function copyBatchesOnly(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  for (const name of readdirSync(to, { recursive: true, encoding: 'utf8' })) {
    if (derived.some((end) => name.endsWith(end))) rmSync(join(to, name))
  }
}

/** What the logs of a directory answer to those who ask for ends, producers, epochs, offsets and times. */
export async function logContents(directory: string): Promise<Record<string, unknown>> {
  const clock = new NodeClock()
  const registry = new LogRegistry({
    storage: new NodeStorage(),
    clock,
    random: new NodeRandom(),
    paths: [directory],
    tailBytes: 0,
  })
  try {
    await registry.load(() => defaultLogConfig)
    const contents: Record<string, unknown> = {}
    for (const log of registry.logs) {
      contents[`${log.topicPartition.topic}-${log.topicPartition.partition}`] = await contentsOf(log)
    }
    return contents
  } finally {
    registry.abandon()
    clock.cancelAll()
  }
}

async function contentsOf(log: PartitionLog): Promise<unknown> {
  const epochs = new Set<number | undefined>()
  const byOffset: unknown[] = []
  const byTime: unknown[] = []
  const step = Math.max(1, Math.floor(log.logEndOffset / 100))
  for (let offset = log.logStartOffset; offset < log.logEndOffset; offset += step) {
    epochs.add(log.leaderEpochs.epochForOffset(offset))
    const result = await log.read(offset, { maxBytes: 1, minOneMessage: true, isolation: 'log-end' })
    if (result.error !== undefined) throw new Error(`${log.directory}: ${offset}: ${result.message}`)
    const { baseOffset, lastOffset, crc, maxTimestamp } = new RecordBatchView(result.chunks[0]!)
    byOffset.push({ offset, baseOffset, lastOffset, crc })
    byTime.push({ maxTimestamp, found: await log.offsetForTimestamp(maxTimestamp) })
  }
  return {
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    segments: log.segments.all.map(({ baseOffset, size, maxTimestamp }) => ({ baseOffset, size, maxTimestamp })),
    producers: log.describeProducers().sort((a, b) => a.producerId - b.producerId),
    epochs: [...epochs],
    byOffset,
    byTime,
    newest: await log.offsetForTimestamp('max-timestamp'),
  }
}
