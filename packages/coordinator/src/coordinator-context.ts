import type { ReplyId } from './result.ts'

/** The broker's configs that coordinators read, with Kafka's names in camelCase. */
export interface GroupCoordinatorConfig {
  readonly groupInitialRebalanceDelayMs: number
  readonly groupMinSessionTimeoutMs: number
  readonly groupMaxSessionTimeoutMs: number
  readonly groupMaxSize: number
  readonly offsetMetadataMaxBytes: number
  readonly offsetsRetentionMinutes: number
  readonly offsetsRetentionCheckIntervalMs: number
}

/** What an operation may look at beside the state and its request. */
export interface CoordinatorContext {
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  readonly config: GroupCoordinatorConfig
  /** A fresh random UUID as Java prints it, for member ids. */
  randomUuid(): string
}

/** Who asks. */
export interface Requester {
  readonly apiVersion: number
  readonly clientId: string
  /** As Java prints an address: `/127.0.0.1`. */
  readonly clientHost: string
  /** Under which the answer is given when it comes later. */
  readonly reply: ReplyId
}
