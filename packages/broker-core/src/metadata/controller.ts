import { errors, randomUuid } from '@odradek/protocol'
import type { ControllerContext, ControllerResult } from '@odradek/quorum'
import type { Random } from '@odradek/runtime'
import type { EffectiveConfigs } from '../config/effective-configs.ts'
import { defaultConfigValue, isListConfig, validateResourceConfigs } from '../config/resource-configs.ts'
import type { MetadataLog } from './metadata-log.ts'

/** An operation on the cluster's metadata: pure, from the committed image to records and response. */
export type ControllerOperation<Response> = (context: ControllerContext) => ControllerResult<Response>

/**
 * The active controller: runs operations one after the other, each on the image that the one before left, and answers when the
 * records are committed and applied. One at a time is what makes "exists already" true for two clients at once.
 */
export class Controller {
  readonly #metadata: MetadataLog
  readonly #configs: EffectiveConfigs
  readonly #random: Random
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: {
    readonly metadata: MetadataLog
    readonly configs: EffectiveConfigs
    readonly random: Random
  }) {
    this.#metadata = options.metadata
    this.#configs = options.configs
    this.#random = options.random
  }

  /** Rejects with NotLeaderError while another controller is active, and with StorageError when the metadata log fails. */
  run<Response>(operation: ControllerOperation<Response>): Promise<Response> {
    const result = this.#last.then(async () => {
      const { records, response } = operation(this.#context())
      if (records.length > 0) await this.#metadata.commit(records)
      return response
    })
    // The next operation runs whatever became of this one; who asked for it gets the error.
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything asked for so far was answered. */
  idle(): Promise<void> {
    return this.#last.then(() => undefined)
  }

  #context(): ControllerContext {
    const { image, logEndOffset } = this.#metadata
    const { broker, layers } = this.#configs
    return {
      image,
      nextOffset: logEndOffset,
      randomUuid: () => randomUuid((length) => this.#random.nextBytes(length)),
      randomInt: (bound) => this.#random.nextInt(bound),
      defaults: { partitions: broker.numPartitions, replicationFactor: broker.defaultReplicationFactor },
      validateConfigs: (type, name, configs) => {
        const found = validateResourceConfigs({ type, name }, configs, layers)
        return found === undefined ? null : { errorCode: errors[found.error].code, errorMessage: found.message }
      },
      isListConfig: (type, name) => isListConfig(type, name),
      defaultConfigValue: (type, name) => defaultConfigValue(type, name, layers),
    }
  }
}
