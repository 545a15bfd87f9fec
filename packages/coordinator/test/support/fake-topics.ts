import { printUuid } from '@odradek/protocol'
import { type TopicsView, type TopicView, topicHash } from '../../src/index.ts'

/** Topics that a test makes, grows and deletes. */
export class FakeTopics implements TopicsView {
  readonly #topics = new Map<string, TopicView>()
  version = 1
  createdVersion = 1
  #nextId = 1

  /** Makes a topic, and tells its id. */
  create(name: string, partitions: number): string {
    const bytes = new Uint8Array(16)
    bytes[15] = 2 + this.#nextId++
    const topicId = printUuid(bytes)
    this.#set({ topicId, name, partitionCount: partitions, racksOf: () => [] })
    this.createdVersion = this.version
    return topicId
  }

  grow(name: string, partitions: number): void {
    this.#set({ ...this.#topics.get(name)!, partitionCount: partitions })
  }

  delete(name: string): void {
    this.#topics.delete(name)
    this.version++
  }

  byName(name: string): TopicView | undefined {
    return this.#topics.get(name)
  }

  byId(topicId: string): TopicView | undefined {
    return [...this.#topics.values()].find((topic) => topic.topicId === topicId)
  }

  names(): Iterable<string> {
    return this.#topics.keys()
  }

  #set(topic: Omit<TopicView, 'metadataHash'>): void {
    this.#topics.set(topic.name, { ...topic, metadataHash: topicHash(topic) })
    this.version++
  }
}
