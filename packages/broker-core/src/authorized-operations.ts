/**
 * Bit sets of AclOperation codes for resources on which everything is allowed (KIP-430), as Kafka answers without an authorizer:
 * bit n stands for the operation with code n.
 */
function bits(...codes: readonly number[]): number {
  return codes.reduce((set, code) => set | (1 << code), 0)
}

const operation = {
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
} as const

/** What may be done with each kind of resource. */
export const authorizedOperations = {
  topic: bits(
    operation.READ,
    operation.WRITE,
    operation.CREATE,
    operation.DELETE,
    operation.ALTER,
    operation.DESCRIBE,
    operation.DESCRIBE_CONFIGS,
    operation.ALTER_CONFIGS,
  ),
  cluster: bits(
    operation.CREATE,
    operation.ALTER,
    operation.DESCRIBE,
    operation.CLUSTER_ACTION,
    operation.DESCRIBE_CONFIGS,
    operation.ALTER_CONFIGS,
    operation.IDEMPOTENT_WRITE,
  ),
  group: bits(
    operation.READ,
    operation.DELETE,
    operation.DESCRIBE,
    operation.DESCRIBE_CONFIGS,
    operation.ALTER_CONFIGS,
  ),
} as const
