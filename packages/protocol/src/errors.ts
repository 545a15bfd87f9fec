/** One row of Kafka's error table. */
export interface ErrorRow {
  /** The number on the wire. */
  readonly code: number
  readonly name: ErrorName
  /** Whether the same request may succeed later. */
  readonly retriable: boolean
  /** What it means, in one line. */
  readonly message: string
}

/** Kafka's name of an error. */
export type ErrorName = keyof typeof table

const table = {
  UNKNOWN_SERVER_ERROR: [-1, false, 'The broker failed in a way that it did not expect'],
  NONE: [0, false, 'No error'],
  OFFSET_OUT_OF_RANGE: [1, false, 'The offset is outside the range that the partition holds'],
  CORRUPT_MESSAGE: [
    2,
    true,
    'The batch failed its checksum, exceeds the size limit, or lacks a key in a compacted topic',
  ],
  UNKNOWN_TOPIC_OR_PARTITION: [3, true, 'The broker does not have this topic or partition'],
  INVALID_FETCH_SIZE: [4, false, 'The fetch size is not valid'],
  LEADER_NOT_AVAILABLE: [5, true, 'The partition has no leader at the moment'],
  NOT_LEADER_OR_FOLLOWER: [6, true, 'The broker is not the leader, or not a replica, of this partition'],
  REQUEST_TIMED_OUT: [7, true, 'The request was not answered in the time it gave'],
  BROKER_NOT_AVAILABLE: [8, false, 'The broker is not available'],
  REPLICA_NOT_AVAILABLE: [9, true, 'The replica is not available on this broker'],
  MESSAGE_TOO_LARGE: [10, false, 'A batch is larger than the broker or topic allows (max.message.bytes)'],
  STALE_CONTROLLER_EPOCH: [11, false, 'The controller has moved on to a newer epoch'],
  OFFSET_METADATA_TOO_LARGE: [12, false, 'The metadata string of a committed offset is too long'],
  NETWORK_EXCEPTION: [13, true, 'The connection was lost before the response came'],
  COORDINATOR_LOAD_IN_PROGRESS: [14, true, 'The coordinator is still loading its state'],
  COORDINATOR_NOT_AVAILABLE: [15, true, 'The coordinator is not available yet'],
  NOT_COORDINATOR: [16, true, 'The broker is not the coordinator asked for'],
  INVALID_TOPIC_EXCEPTION: [17, false, 'The topic name is not valid, or the topic is internal'],
  RECORD_LIST_TOO_LARGE: [18, false, 'The records are larger than a segment (segment.bytes)'],
  NOT_ENOUGH_REPLICAS: [19, true, 'Fewer replicas are in sync than min.insync.replicas'],
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: [
    20,
    true,
    'The records were written, but to fewer in-sync replicas than min.insync.replicas',
  ],
  INVALID_REQUIRED_ACKS: [21, false, 'The value of acks is not one of -1, 0 and 1'],
  ILLEGAL_GENERATION: [22, false, "The generation is not the group's current one"],
  INCONSISTENT_GROUP_PROTOCOL: [23, false, "The member's protocol type or protocols do not match the group's"],
  INVALID_GROUP_ID: [24, false, 'The group id is not valid'],
  UNKNOWN_MEMBER_ID: [25, false, 'The group does not know this member id'],
  INVALID_SESSION_TIMEOUT: [26, false, 'The session timeout is outside the range that the broker allows'],
  REBALANCE_IN_PROGRESS: [27, false, 'The group is rebalancing; the member has to join again'],
  INVALID_COMMIT_OFFSET_SIZE: [28, false, 'The offsets of the commit are too large to be stored'],
  TOPIC_AUTHORIZATION_FAILED: [29, false, 'Not authorized for the topic'],
  GROUP_AUTHORIZATION_FAILED: [30, false, 'Not authorized for the group'],
  CLUSTER_AUTHORIZATION_FAILED: [31, false, 'Not authorized for the cluster'],
  INVALID_TIMESTAMP: [32, false, 'The timestamp of a record is outside the range that the topic allows'],
  UNSUPPORTED_SASL_MECHANISM: [33, false, 'The broker does not offer this SASL mechanism'],
  ILLEGAL_SASL_STATE: [34, false, 'The request does not belong at this point of the SASL exchange'],
  UNSUPPORTED_VERSION: [35, false, 'The broker does not have this version of the API'],
  TOPIC_ALREADY_EXISTS: [36, false, 'A topic of this name exists already'],
  INVALID_PARTITIONS: [37, false, 'The number of partitions is not valid'],
  INVALID_REPLICATION_FACTOR: [38, false, 'The replication factor is below 1 or above the number of brokers'],
  INVALID_REPLICA_ASSIGNMENT: [39, false, 'The replica assignment is not valid'],
  INVALID_CONFIG: [40, false, 'The configuration is not valid'],
  NOT_CONTROLLER: [41, true, 'The broker is not the controller'],
  INVALID_REQUEST: [42, false, 'The request contradicts itself or lacks something'],
  UNSUPPORTED_FOR_MESSAGE_FORMAT: [43, false, 'The message format of the broker does not support this request'],
  POLICY_VIOLATION: [44, false, 'A policy of the broker does not allow this'],
  OUT_OF_ORDER_SEQUENCE_NUMBER: [45, false, 'The sequence number is not the one after the last'],
  DUPLICATE_SEQUENCE_NUMBER: [46, false, 'The sequence number was written before'],
  INVALID_PRODUCER_EPOCH: [47, false, "The producer's epoch is older than the current one"],
  INVALID_TXN_STATE: [48, false, 'The transaction is not in a state that allows this'],
  INVALID_PRODUCER_ID_MAPPING: [49, false, 'The producer id is not the one that belongs to the transactional id'],
  INVALID_TRANSACTION_TIMEOUT: [
    50,
    false,
    'The transaction timeout is larger than the broker allows (transaction.max.timeout.ms)',
  ],
  CONCURRENT_TRANSACTIONS: [51, true, 'Another operation of the same transactional id is still going on'],
  TRANSACTION_COORDINATOR_FENCED: [52, false, 'A newer transaction coordinator has taken over'],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: [53, false, 'Not authorized for the transactional id'],
  SECURITY_DISABLED: [54, false, 'Security features are disabled'],
  OPERATION_NOT_ATTEMPTED: [
    55,
    false,
    'The operation was not attempted, because another one of the same request failed',
  ],
  KAFKA_STORAGE_ERROR: [56, true, "The broker's disk failed under the partition"],
  LOG_DIR_NOT_FOUND: [57, false, "The log directory is not one of the broker's"],
  SASL_AUTHENTICATION_FAILED: [58, false, 'The credentials were refused'],
  UNKNOWN_PRODUCER_ID: [59, false, 'The broker has no state of this producer id'],
  REASSIGNMENT_IN_PROGRESS: [60, false, 'The partition is already being reassigned'],
  DELEGATION_TOKEN_AUTH_DISABLED: [61, false, 'Delegation tokens are not enabled'],
  DELEGATION_TOKEN_NOT_FOUND: [62, false, 'The delegation token is not known'],
  DELEGATION_TOKEN_OWNER_MISMATCH: [63, false, 'The caller is not the owner or a renewer of the delegation token'],
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: [64, false, 'Delegation tokens cannot be asked for over this connection'],
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: [65, false, 'Not authorized for the delegation token'],
  DELEGATION_TOKEN_EXPIRED: [66, false, 'The delegation token has expired'],
  INVALID_PRINCIPAL_TYPE: [67, false, 'The principal type is not supported'],
  NON_EMPTY_GROUP: [68, false, 'The group still has members'],
  GROUP_ID_NOT_FOUND: [69, false, 'The group does not exist'],
  FETCH_SESSION_ID_NOT_FOUND: [70, true, 'The fetch session does not exist'],
  INVALID_FETCH_SESSION_EPOCH: [71, true, 'The epoch of the fetch session is not the expected one'],
  LISTENER_NOT_FOUND: [72, true, 'The broker has no listener of this name for the client to use'],
  TOPIC_DELETION_DISABLED: [73, false, 'Topic deletion is disabled (delete.topic.enable)'],
  FENCED_LEADER_EPOCH: [74, true, "The leader epoch is older than the broker's"],
  UNKNOWN_LEADER_EPOCH: [75, true, "The leader epoch is newer than the broker's"],
  UNSUPPORTED_COMPRESSION_TYPE: [76, false, "The client's version does not support the compression of the records"],
  STALE_BROKER_EPOCH: [77, false, 'The broker epoch is not the current one'],
  OFFSET_NOT_AVAILABLE: [78, true, 'The leader cannot tell its high watermark yet'],
  MEMBER_ID_REQUIRED: [79, false, 'The member has to join again with the member id that it was given'],
  PREFERRED_LEADER_NOT_AVAILABLE: [80, true, 'The preferred leader is not available'],
  GROUP_MAX_SIZE_REACHED: [81, false, 'The group has as many members as it may (group.max.size)'],
  FENCED_INSTANCE_ID: [82, false, 'Another member has taken over the group instance id'],
  ELIGIBLE_LEADERS_NOT_AVAILABLE: [83, true, 'No replica that may become leader is available'],
  ELECTION_NOT_NEEDED: [84, true, 'The partition needs no election'],
  NO_REASSIGNMENT_IN_PROGRESS: [85, false, 'The partition is not being reassigned'],
  GROUP_SUBSCRIBED_TO_TOPIC: [
    86,
    false,
    'A member of the group subscribes to the topic, so its offsets cannot be deleted',
  ],
  INVALID_RECORD: [87, false, "A record failed the broker's validation"],
  UNSTABLE_OFFSET_COMMIT: [88, true, 'Offsets of an unfinished transaction have to be resolved first'],
  THROTTLING_QUOTA_EXCEEDED: [89, true, 'A quota was exceeded'],
  PRODUCER_FENCED: [90, false, 'A newer producer with the same transactional id has taken over'],
  RESOURCE_NOT_FOUND: [91, false, 'The resource does not exist'],
  DUPLICATE_RESOURCE: [92, false, 'The resource exists already, or is named twice'],
  UNACCEPTABLE_CREDENTIAL: [93, false, 'The credential does not meet the requirements'],
  INCONSISTENT_VOTER_SET: [94, false, 'The voters of the request and of the receiver differ'],
  INVALID_UPDATE_VERSION: [95, false, 'The feature level is not a valid update'],
  FEATURE_UPDATE_FAILED: [96, false, 'The feature level could not be updated'],
  PRINCIPAL_DESERIALIZATION_FAILURE: [97, false, 'The principal of a forwarded request could not be read'],
  SNAPSHOT_NOT_FOUND: [98, false, 'The snapshot does not exist'],
  POSITION_OUT_OF_RANGE: [99, false, 'The position is beyond the end of the snapshot'],
  UNKNOWN_TOPIC_ID: [100, true, 'The broker does not know this topic id'],
  DUPLICATE_BROKER_REGISTRATION: [101, false, 'A live broker has registered with this id'],
  BROKER_ID_NOT_REGISTERED: [102, false, 'The broker id is not registered'],
  INCONSISTENT_TOPIC_ID: [103, true, 'The topic id does not belong to the topic name'],
  INCONSISTENT_CLUSTER_ID: [104, false, 'The cluster id is not that of the receiver'],
  TRANSACTIONAL_ID_NOT_FOUND: [105, false, 'The transactional id does not exist'],
  FETCH_SESSION_TOPIC_ID_ERROR: [106, true, 'The fetch session mixes topics with and without ids'],
  INELIGIBLE_REPLICA: [107, false, 'A replica may not join the in-sync replicas'],
  NEW_LEADER_ELECTED: [108, false, "The partition's leader has changed because of this request"],
  OFFSET_MOVED_TO_TIERED_STORAGE: [109, false, 'The offset has moved to remote storage'],
  FENCED_MEMBER_EPOCH: [110, false, 'The member epoch was fenced; the member has to join anew'],
  UNRELEASED_INSTANCE_ID: [111, false, 'Another member still holds the group instance id'],
  UNSUPPORTED_ASSIGNOR: [112, false, 'The server-side assignor is not supported'],
  STALE_MEMBER_EPOCH: [113, false, "The member epoch is older than the coordinator's"],
  MISMATCHED_ENDPOINT_TYPE: [114, false, 'The request was sent to the wrong kind of endpoint, broker or controller'],
  UNSUPPORTED_ENDPOINT_TYPE: [115, false, 'The kind of endpoint is not supported'],
  UNKNOWN_CONTROLLER_ID: [116, false, 'The controller id is not known'],
  UNKNOWN_SUBSCRIPTION_ID: [117, false, 'The telemetry subscription is not the current one'],
  TELEMETRY_TOO_LARGE: [118, false, 'The pushed metrics are larger than the broker takes'],
  INVALID_REGISTRATION: [119, false, 'The registration is not valid'],
  TRANSACTION_ABORTABLE: [120, false, 'The transaction failed and has to be aborted'],
  INVALID_RECORD_STATE: [121, false, "The record's state does not allow this acknowledgement"],
  SHARE_SESSION_NOT_FOUND: [122, true, 'The share session does not exist'],
  INVALID_SHARE_SESSION_EPOCH: [123, true, 'The epoch of the share session is not the expected one'],
  FENCED_STATE_EPOCH: [124, false, 'The share coordinator has a newer state epoch'],
  INVALID_VOTER_KEY: [125, false, "The voter's key does not match its endpoint"],
  DUPLICATE_VOTER: [126, false, 'The voter is one of the voters already'],
  VOTER_NOT_FOUND: [127, false, 'The voter is not one of the voters'],
  INVALID_REGULAR_EXPRESSION: [128, false, 'The regular expression is not valid'],
  REBOOTSTRAP_REQUIRED: [
    129,
    false,
    "The client's metadata is too old; it has to start from its bootstrap servers again",
  ],
  STREAMS_INVALID_TOPOLOGY: [130, false, 'The topology of the streams group is not valid'],
  STREAMS_INVALID_TOPOLOGY_EPOCH: [131, false, 'The topology epoch of the streams group is not valid'],
  STREAMS_TOPOLOGY_FENCED: [132, false, 'The topology of the streams group is older than the current one'],
  SHARE_SESSION_LIMIT_REACHED: [133, true, 'The broker holds as many share sessions as it may'],
  GROUP_DELETION_FAILED: [134, false, 'The group could not be deleted'],
  STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED: [
    135,
    false,
    'The description of the streams topology could not be stored',
  ],
  CONTROLLER_ID_NOT_REGISTERED: [136, false, 'The controller id is not registered'],
} as const satisfies Readonly<Record<string, readonly [code: number, retriable: boolean, message: string]>>

/** Kafka's error table by name: `errors.UNKNOWN_TOPIC_OR_PARTITION.code`. */
export const errors = /* @__PURE__ */ makeRows()

/** The rows of the error table in the order of their codes. */
export const errorList: readonly ErrorRow[] = /* @__PURE__ */ Object.values(errors)

const byCode: ReadonlyMap<number, ErrorRow> = /* @__PURE__ */ new Map(errorList.map((row) => [row.code, row]))

/** The row of an error code; a code that is not in the table is UNKNOWN_SERVER_ERROR, as in Kafka. */
export function errorByCode(code: number): ErrorRow {
  return byCode.get(code) ?? errors.UNKNOWN_SERVER_ERROR
}

/** The row of an error's name, or undefined when there is none. */
export function errorByName(name: string): ErrorRow | undefined {
  return Object.hasOwn(errors, name) ? errors[name as ErrorName] : undefined
}

function makeRows(): { readonly [Name in ErrorName]: ErrorRow & { readonly name: Name } } {
  const rows = Object.entries(table).map(([name, [code, retriable, message]]) => [
    name,
    { code, name, retriable, message },
  ])
  return Object.fromEntries(rows) as { [Name in ErrorName]: ErrorRow & { readonly name: Name } }
}
