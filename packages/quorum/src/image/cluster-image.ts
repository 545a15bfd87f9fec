import type {
  BrokerRegistrationChangeRecord,
  FenceBrokerRecord,
  RegisterBrokerRecord,
  RegisterControllerRecord,
  UnfenceBrokerRecord,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import type { RecordVersions } from '../metadata-version.ts'

/** A broker as the controller knows it; `brokerEpoch` is the offset of its registration record. */
export type BrokerRegistration = RegisterBrokerRecord

/** Registered brokers and controllers. */
export class ClusterImage {
  readonly #brokers = new Map<number, BrokerRegistration>()
  readonly #controllers = new Map<number, RegisterControllerRecord>()

  broker(id: number): BrokerRegistration | undefined {
    return this.#brokers.get(id)
  }

  /** All registrations, fenced ones too, by ascending id. */
  brokers(): readonly BrokerRegistration[] {
    return [...this.#brokers.values()].sort((a, b) => a.brokerId - b.brokerId)
  }

  /** True when the broker is registered, not fenced and not shutting down: it may lead and join an ISR. */
  isActive(id: number): boolean {
    const broker = this.#brokers.get(id)
    return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
  }

  /** True when the broker says that none of its log directories takes new replicas (KIP-1066). */
  isCordoned(id: number): boolean {
    const { logDirs = [], cordonedLogDirs } = this.#brokers.get(id) ?? {}
    return logDirs.length > 0 && logDirs.every((directory) => cordonedLogDirs?.includes(directory))
  }

  controller(id: number): RegisterControllerRecord | undefined {
    return this.#controllers.get(id)
  }

  controllers(): readonly RegisterControllerRecord[] {
    return [...this.#controllers.values()].sort((a, b) => a.controllerId - b.controllerId)
  }

  register(record: RegisterBrokerRecord): void {
    this.#brokers.set(record.brokerId, record)
  }

  unregister(brokerId: number): void {
    this.#brokers.delete(brokerId)
  }

  fence(record: FenceBrokerRecord | UnfenceBrokerRecord, fenced: boolean): void {
    this.#update(record.id, { fenced })
  }

  change(record: BrokerRegistrationChangeRecord): void {
    const changes: { -readonly [Key in keyof BrokerRegistration]?: BrokerRegistration[Key] } = {}
    if (record.fenced !== 0) changes.fenced = record.fenced > 0
    if (record.inControlledShutdown !== 0) changes.inControlledShutdown = record.inControlledShutdown > 0
    if (record.logDirs.length > 0) changes.logDirs = record.logDirs
    if (record.cordonedLogDirs !== null) changes.cordonedLogDirs = record.cordonedLogDirs
    this.#update(record.brokerId, changes)
  }

  registerController(record: RegisterControllerRecord): void {
    this.#controllers.set(record.controllerId, record)
  }

  unregisterController(id: number): void {
    this.#controllers.delete(id)
  }

  *records(versions: RecordVersions): Iterable<MetadataRecord> {
    for (const record of this.brokers())
      yield { type: 'RegisterBrokerRecord', version: versions.registerBroker, record }
    for (const record of this.controllers()) yield { type: 'RegisterControllerRecord', version: 0, record }
  }

  #update(id: number, changes: Partial<BrokerRegistration>): void {
    const broker = this.#brokers.get(id)
    if (broker !== undefined) this.#brokers.set(id, { ...broker, ...changes })
  }
}
