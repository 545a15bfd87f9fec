import type { RecordBatchView } from '@odradek/protocol'
import type { LogEnvironment } from './log-environment.ts'
import type { LogEvents } from './log-events.ts'
import type { TopicPartition } from './log-file-names.ts'
import type { ValidatedRecords } from './log-validator.ts'

/** Tells on the hooks what one log does, and on the logger what an operator has to know. */
export class LogAnnouncer {
  readonly #environment: LogEnvironment
  readonly #topicPartition: TopicPartition
  readonly #corruptPlaces = new Set<string>()

  constructor(environment: LogEnvironment, topicPartition: TopicPartition) {
    this.#environment = environment
    this.#topicPartition = topicPartition
  }

  appended(written: readonly ValidatedRecords[]): void {
    if (!this.#environment.hooks.has('appended')) return
    for (const { batches } of written) {
      for (const batch of batches) {
        const { baseOffset: firstOffset, lastOffset, sizeInBytes } = batch
        const event = { ...this.#topicPartition, ...producerOf(batch), firstOffset, lastOffset, sizeInBytes }
        this.#environment.hooks.emit('appended', event)
      }
    }
  }

  duplicateSuppressed(
    batch: RecordBatchView,
    first: { readonly firstOffset: number; readonly lastOffset: number },
  ): void {
    const { firstOffset, lastOffset } = first
    const event = { ...this.#topicPartition, ...producerOf(batch), firstOffset, lastOffset }
    this.#environment.hooks.emit('duplicateSuppressed', event)
  }

  rolled(baseOffset: number): void {
    this.#environment.hooks.emit('rolled', { ...this.#topicPartition, baseOffset })
  }

  highWatermarkMoved(highWatermark: number): void {
    const { hooks } = this.#environment
    if (hooks.has('highWatermarkMoved')) hooks.emit('highWatermarkMoved', { ...this.#topicPartition, highWatermark })
  }

  logStartOffsetMoved(logStartOffset: number): void {
    this.#environment.hooks.emit('logStartOffsetMoved', { ...this.#topicPartition, logStartOffset })
  }

  truncated(offset: number): void {
    this.#environment.hooks.emit('truncated', { ...this.#topicPartition, offset })
  }

  recovered(event: Omit<LogEvents['recovered'], keyof TopicPartition>): void {
    const { cleanShutdown, logEndOffset, scannedSegments, truncatedBytes } = event
    const told = { ...this.#topicPartition, cleanShutdown, logEndOffset, scannedSegments, truncatedBytes }
    this.#environment.hooks.emit('recovered', told)
  }

  /** Once for each place, since readers come again. */
  corruptionFound(path: string, position: number, reason: string): void {
    const place = `${path} ${position}`
    if (this.#corruptPlaces.has(place)) return
    this.#corruptPlaces.add(place)
    const { logger, hooks } = this.#environment
    const found = { ...this.#topicPartition, path, position, reason }
    logger.error('the log holds bytes that are not what was written', found)
    hooks.emit('corruptionFound', found)
  }
}

function producerOf({ producerId, producerEpoch, baseSequence }: RecordBatchView) {
  return { producerId, producerEpoch, baseSequence }
}
