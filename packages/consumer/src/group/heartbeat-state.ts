import type { Input } from '@odradek/protocol'
import type { ConsumerGroupHeartbeatRequest } from '@odradek/protocol/messages'
import type { ConsumerConfig } from '../config/consumer-config.ts'
import { type ConsumerMember, type LocalAssignment, noAssignment } from './consumer-member.ts'

/** What a member says of itself beside its id and epoch. */
export interface HeartbeatFields {
  readonly topics: ReadonlySet<string>
  /** A pattern in RE2/J's notation; null for none. */
  readonly regex: string | null
}

/** What the coordinator was told, so that only changes go out. Kafka: `HeartbeatState.SentFields`. */
interface SentFields {
  readonly hasRebalanceTimeout: boolean
  readonly topics: ReadonlySet<string> | undefined
  readonly regex: string | null
  readonly hasAssignor: boolean
  readonly assignment: LocalAssignment | undefined
}

const nothingSent: SentFields = {
  hasRebalanceTimeout: false,
  topics: undefined,
  regex: null,
  hasAssignor: false,
  assignment: undefined,
}

/**
 * The body of ConsumerGroupHeartbeat: everything when the member joins, afterwards what has changed. After a heartbeat that failed nobody
 * knows what the coordinator has heard, so the next one says everything that it may have missed. Kafka: `HeartbeatState`.
 */
export class HeartbeatState {
  readonly #groupId: string
  readonly #config: ConsumerConfig
  #sent = nothingSent

  constructor(groupId: string, config: ConsumerConfig) {
    this.#groupId = groupId
    this.#config = config
  }

  /** The coordinator may have missed what was sent. */
  reset(): void {
    this.#sent = nothingSent
  }

  /** The next heartbeat; it counts as sent. */
  build(member: ConsumerMember, { topics, regex }: HeartbeatFields): Input<ConsumerGroupHeartbeatRequest> {
    const { groupInstanceId: instanceId, maxPollIntervalMs, groupRemoteAssignor, clientRack } = this.#config
    const sent = this.#sent
    const isJoining = member.state === 'JOINING'
    const assignment = isJoining ? noAssignment : member.current
    const tellsTopics = isJoining || sent.topics === undefined || !sameTopics(sent.topics, topics)
    const tellsRegex = (isJoining && regex !== null) || regex !== sent.regex
    const tellsAssignor = groupRemoteAssignor !== null && (isJoining || !sent.hasAssignor)
    const tellsAssignment = isJoining || !sameAssignment(sent.assignment, assignment)
    this.#sent = {
      hasRebalanceTimeout: true,
      topics,
      regex,
      hasAssignor: tellsAssignor || sent.hasAssignor,
      assignment,
    }
    return {
      groupId: this.#groupId,
      memberId: member.memberId,
      memberEpoch: member.memberEpoch,
      instanceId,
      ...(isJoining || !sent.hasRebalanceTimeout ? { rebalanceTimeoutMs: maxPollIntervalMs } : {}),
      ...(tellsTopics ? { subscribedTopicNames: [...topics].sort() } : {}),
      ...(tellsRegex ? { subscribedTopicRegex: regex ?? '' } : {}),
      ...(tellsAssignor ? { serverAssignor: groupRemoteAssignor } : {}),
      ...(isJoining && clientRack !== '' ? { rackId: clientRack } : {}),
      ...(tellsAssignment ? { topicPartitions: topicPartitions(assignment) } : {}),
    }
  }
}

function sameTopics(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((topic) => b.has(topic))
}

/** The number counts as well: the same partitions of a later assignment are told again. */
function sameAssignment(a: LocalAssignment | undefined, b: LocalAssignment): boolean {
  return a !== undefined && a.localEpoch === b.localEpoch && a.partitions === b.partitions
}

function topicPartitions({ partitions }: LocalAssignment): { topicId: string; partitions: number[] }[] {
  return Array.from(partitions, ([topicId, numbers]) => ({ topicId, partitions: [...numbers] }))
}
