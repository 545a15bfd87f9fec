import type { ConsumerGroupConfig } from '@odradek/coordinator'
import { configResourceTypes, type MetadataImage } from '@odradek/quorum'
import type { EffectiveConfigs } from '../config/effective-configs.ts'
import { groupConfigOf } from '../config/group-config.ts'

/** The configs of groups, parsed once and again when some config has changed: heartbeats ask for them. */
export class GroupConfigsCache {
  readonly #configs: EffectiveConfigs
  readonly #image: () => MetadataImage
  readonly #byGroup = new Map<string, ConsumerGroupConfig>()

  constructor(configs: EffectiveConfigs, image: () => MetadataImage) {
    this.#configs = configs
    this.#image = image
  }

  of(groupId: string): ConsumerGroupConfig {
    const known = this.#byGroup.get(groupId)
    if (known !== undefined) return known
    const overrides = this.#image().configs.of({ type: configResourceTypes.GROUP, name: groupId })
    const { consumerSessionTimeoutMs, consumerHeartbeatIntervalMs, consumerAssignmentIntervalMs } = groupConfigOf(
      overrides,
      this.#configs.layers,
    )
    const config = { consumerSessionTimeoutMs, consumerHeartbeatIntervalMs, consumerAssignmentIntervalMs }
    this.#byGroup.set(groupId, config)
    return config
  }

  clear(): void {
    this.#byGroup.clear()
  }
}
