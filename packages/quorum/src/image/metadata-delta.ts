import type { ConfigResource } from './configs-image.ts'
import type { TopicImage } from './topics-image.ts'

/** What a run of replayed records changed: whoever follows the image acts on this and reads the image for the rest. */
export class MetadataDelta {
  /** Ids of topics that were made or whose partitions changed. */
  readonly changedTopics = new Set<string>()
  readonly removedTopics = new Map<string, TopicImage>()
  readonly changedConfigs = new Map<string, ConfigResource>()
  clusterChanged = false
  featuresChanged = false
}
