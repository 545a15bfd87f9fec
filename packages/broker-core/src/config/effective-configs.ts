import { type ConfigResource, configResourceTypes, type MetadataImage } from '@odradek/quorum'
import { type BrokerConfigLayers, brokerConfigOf } from './broker-config-layers.ts'
import type { BrokerConfig } from './broker-configs.ts'
import { type TopicConfig, topicConfigOf } from './topic-config.ts'

/** The configs that hold at present: the file's, with what the metadata log altered for all brokers and for this one. */
export class EffectiveConfigs {
  readonly #nodeId: number
  readonly #static: BrokerConfigLayers
  #layers: BrokerConfigLayers
  #broker: BrokerConfig

  constructor(nodeId: number, layers: BrokerConfigLayers) {
    this.#nodeId = nodeId
    this.#static = layers
    this.#layers = layers
    this.#broker = brokerConfigOf(layers)
  }

  /** The broker's configs, parsed. */
  get broker(): BrokerConfig {
    return this.#broker
  }

  get layers(): BrokerConfigLayers {
    return this.#layers
  }

  /** What holds for a topic. */
  topic(name: string, image: MetadataImage): TopicConfig {
    return topicConfigOf(image.configs.of({ type: configResourceTypes.TOPIC, name }), this.#layers)
  }

  /** Takes over what the image says about brokers. */
  update(image: MetadataImage): void {
    const of = (name: string) => image.configs.of({ type: configResourceTypes.BROKER, name })
    this.#layers = { ...this.#static, dynamicDefault: of(''), dynamicBroker: of(String(this.#nodeId)) }
    this.#broker = brokerConfigOf(this.#layers)
  }

  /** True when the resource is this broker or all brokers. */
  concerns(resource: ConfigResource): boolean {
    return (
      resource.type === configResourceTypes.BROKER && (resource.name === '' || resource.name === String(this.#nodeId))
    )
  }
}
