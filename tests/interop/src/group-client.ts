import type { ConsumedRecord } from './record.ts'

/** What members of a group agree on: a classic assignor, or `consumer` for the protocol of KIP-848. */
export const groupProtocols = ['range', 'roundrobin', 'sticky', 'cooperative-sticky', 'consumer'] as const

/** One of the protocols. */
export type GroupProtocol = (typeof groupProtocols)[number]

/** How a client joins a group. A partition without a committed offset is read from its start. */
export interface JoinRequest {
  readonly bootstrap: string
  readonly groupId: string
  readonly topics: readonly string[]
  readonly protocol: GroupProtocol
  /** Further configs in the client's own words; only the clients of drivers know them. */
  readonly config?: Readonly<Record<string, string>>
  /** A pattern that the broker matches, instead of `topics`; Java only. */
  readonly pattern?: string
}

/** What a member got. */
export interface Polled {
  readonly records: readonly ConsumedRecord[]
  /** `topic-partition` of everything that is assigned to it at present, sorted. */
  readonly assignment: readonly string[]
}

/** A member of a group. Some clients move only when they are polled, so all members of a group have to be. */
export interface GroupMember {
  /** The records that came since the last time, after a tenth of a second or so. */
  poll(): Promise<Polled>
  /** Commits all that was polled. */
  commit(): Promise<void>
  /** Leaves the group. */
  leave(): Promise<void>
}

/** A client that joins groups. */
export interface GroupClient extends AsyncDisposable {
  readonly name: string
  readonly protocols: readonly GroupProtocol[]
  join(request: JoinRequest): Promise<GroupMember>
}
