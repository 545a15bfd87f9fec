import { type TopicsView, type TopicView, topicHash } from '@odradek/coordinator'
import type { MetadataDelta, MetadataImage, TopicImage } from '@odradek/quorum'

/** The topics as coordinators see them, with a version that grows when one of them changes, and hashes that are computed once. */
export class CoordinatorTopics implements TopicsView {
  readonly #image: () => MetadataImage
  readonly #views = new Map<string, TopicView>()
  readonly #knownIds = new Set<string>()
  #version: number
  #createdVersion: number

  constructor(image: () => MetadataImage, version: number) {
    this.#image = image
    this.#version = version
    this.#createdVersion = version
    for (const { topicId } of image().topics.all()) this.#knownIds.add(topicId)
  }

  get version(): number {
    return this.#version
  }

  get createdVersion(): number {
    return this.#createdVersion
  }

  byName(name: string): TopicView | undefined {
    const topic = this.#image().topics.byName(name)
    return topic === undefined ? undefined : this.#view(topic)
  }

  byId(topicId: string): TopicView | undefined {
    const topic = this.#image().topics.byId(topicId)
    return topic === undefined ? undefined : this.#view(topic)
  }

  *names(): Iterable<string> {
    for (const { name } of this.#image().topics.all()) yield name
  }

  /** Takes note of what changed up to `version`. Brokers that come and go may change where replicas are. */
  apply(delta: MetadataDelta, version: number): void {
    if (delta.changedTopics.size === 0 && delta.removedTopics.size === 0 && !delta.clusterChanged) return
    this.#version = version
    if (delta.clusterChanged) this.#views.clear()
    for (const topicId of delta.removedTopics.keys()) {
      this.#views.delete(topicId)
      this.#knownIds.delete(topicId)
    }
    for (const topicId of delta.changedTopics) {
      this.#views.delete(topicId)
      if (this.#knownIds.has(topicId)) continue
      this.#knownIds.add(topicId)
      this.#createdVersion = version
    }
  }

  #view(topic: TopicImage): TopicView {
    const known = this.#views.get(topic.topicId)
    if (known !== undefined) return known
    const description = {
      topicId: topic.topicId,
      name: topic.name,
      partitionCount: topic.partitions.size,
      racksOf: (partition: number) => this.#racksOf(topic, partition),
    }
    const view = { ...description, metadataHash: topicHash(description) }
    this.#views.set(topic.topicId, view)
    return view
  }

  #racksOf(topic: TopicImage, partition: number): readonly string[] {
    const { cluster } = this.#image()
    const replicas = topic.partitions.get(partition)?.replicas ?? []
    return replicas.flatMap((id) => cluster.broker(id)?.rack ?? [])
  }
}
