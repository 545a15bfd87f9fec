/** Kafka's operations by their codes. Kafka: `AclOperation`. */
export const aclOperations = [
  'UNKNOWN',
  'ANY',
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
  'CREATE_TOKENS',
  'DESCRIBE_TOKENS',
  'TWO_PHASE_COMMIT',
] as const

/** An operation that may be allowed or denied. Kafka: `AclOperation`. */
export type AclOperation = (typeof aclOperations)[number]

/** Kafka's kinds of resources by their codes. Kafka: `ResourceType`. */
export const aclResourceTypes = [
  'UNKNOWN',
  'ANY',
  'TOPIC',
  'GROUP',
  'CLUSTER',
  'TRANSACTIONAL_ID',
  'DELEGATION_TOKEN',
  'USER',
] as const

/** What an ACL is about. Kafka: `ResourceType`. */
export type AclResourceType = (typeof aclResourceTypes)[number]

/** How names are compared, by codes. Kafka: `PatternType`. */
export const aclPatternTypes = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'] as const

/** How the name of a resource is compared. Kafka: `PatternType`. */
export type AclPatternType = (typeof aclPatternTypes)[number]

/** Kafka: `AclPermissionType`, by codes. */
export const aclPermissionTypes = ['UNKNOWN', 'ANY', 'DENY', 'ALLOW'] as const

/** Whether an ACL allows or denies. Kafka: `AclPermissionType`. */
export type AclPermissionType = (typeof aclPermissionTypes)[number]
