const improvingStep = 0.005
const deterioratingStep = 0.05

/**
 * How far the records of each topic could be compressed, as a part of 1, so that batches fill up to `batch.size` compressed. It improves
 * slowly and deteriorates quickly, since a batch that turns out too large has to be split. Kafka: `CompressionRatioEstimator`.
 */
export class CompressionRatios {
  readonly #byTopic = new Map<string, number>()

  /** The estimate of a topic; 1 as long as nothing is known. */
  of(topic: string): number {
    return this.#byTopic.get(topic) ?? 1
  }

  /** A batch of the topic was compressed to `observed`. */
  update(topic: string, observed: number): void {
    const current = this.of(topic)
    const next =
      observed > current ? Math.max(current + deterioratingStep, observed) : Math.max(current - improvingStep, observed)
    this.#byTopic.set(topic, next)
  }

  /** A batch was too large: the estimate was too good. */
  reset(topic: string): void {
    this.#byTopic.set(topic, 1)
  }
}
