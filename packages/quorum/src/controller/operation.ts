import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import type { MetadataImage } from '../image/metadata-image.ts'

/**
 * What an operation of the controller answers: the records that make it true, and the response for when they are committed. An
 * operation changes nothing itself; an operation that fails for one item has no records for that item.
 */
export interface ControllerResult<Response> {
  readonly records: readonly MetadataRecord[]
  readonly response: Response
}

/** What an operation may look at beside its request. */
export interface ControllerContext {
  /** The committed state; operations run one after the other, each on the image that the one before left. */
  readonly image: MetadataImage
  /** Offset that the first record of the operation will have. */
  readonly nextOffset: number
  /** A fresh topic or incarnation id as Kafka prints it. */
  randomUuid(): string
  /** A uniform integer in `[0, bound)`. */
  randomInt(bound: number): number
  /** `num.partitions` and `default.replication.factor`. */
  readonly defaults: { readonly partitions: number; readonly replicationFactor: number }
  /** What is wrong with a whole set of configs of a resource, or null. Configs are the broker's matter, so it brings the check. */
  validateConfigs(type: number, name: string, configs: ReadonlyMap<string, string>): ApiError | null
  /** True when the config is a list, to which values can be appended. */
  isListConfig(type: number, name: string): boolean
  /** The value a config has without an override; the base of APPEND and SUBTRACT. */
  defaultConfigValue(type: number, name: string): string | null
}

/** An expected failure of one item: a row of the error table and what to tell. */
export interface ApiError {
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** How many records one operation may make, and how many partitions, as Kafka bounds them: larger ones are refused whole. */
export const maxRecordsPerOperation = 10_000

/** No failure. */
export const noError: ApiError = { errorCode: 0, errorMessage: null }
