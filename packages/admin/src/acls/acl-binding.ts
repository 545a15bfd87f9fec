import {
  type AclOperation,
  type AclPatternType,
  type AclPermissionType,
  type AclResourceType,
  aclOperations,
  aclPatternTypes,
  aclPermissionTypes,
  aclResourceTypes,
} from './acl-names.ts'

/** Who may, or may not, do what to what. Kafka: `AclBinding`. */
export interface AclBinding {
  readonly resourceType: AclResourceType
  /** `kafka-cluster` for the cluster. */
  readonly resourceName: string
  readonly patternType: AclPatternType
  /** `User:anna`; `User:*` is everybody. */
  readonly principal: string
  /** `*` is every host. */
  readonly host: string
  readonly operation: AclOperation
  readonly permissionType: AclPermissionType
}

/** An ACL to be made: `LITERAL`, from every host and `ALLOW` unless it says otherwise. */
export type NewAcl = Omit<AclBinding, 'patternType' | 'host' | 'permissionType'> &
  Partial<Pick<AclBinding, 'patternType' | 'host' | 'permissionType'>>

/** Which ACLs are meant; what is left out may be anything. Kafka: `AclBindingFilter`. */
export type AclFilter = { readonly [Field in keyof AclBinding]?: AclBinding[Field] | undefined }

/** A filter as it stands on the wire. */
export function filterRow(filter: AclFilter) {
  return {
    resourceTypeFilter: codeOf(aclResourceTypes, filter.resourceType ?? 'ANY'),
    resourceNameFilter: filter.resourceName ?? null,
    patternTypeFilter: codeOf(aclPatternTypes, filter.patternType ?? 'ANY'),
    principalFilter: filter.principal ?? null,
    hostFilter: filter.host ?? null,
    operation: codeOf(aclOperations, filter.operation ?? 'ANY'),
    permissionType: codeOf(aclPermissionTypes, filter.permissionType ?? 'ANY'),
  }
}

/** An ACL to be made as it stands on the wire. */
export function creationRow(acl: NewAcl) {
  return {
    resourceType: codeOf(aclResourceTypes, acl.resourceType),
    resourceName: acl.resourceName,
    resourcePatternType: codeOf(aclPatternTypes, acl.patternType ?? 'LITERAL'),
    principal: acl.principal,
    host: acl.host ?? '*',
    operation: codeOf(aclOperations, acl.operation),
    permissionType: codeOf(aclPermissionTypes, acl.permissionType ?? 'ALLOW'),
  }
}

/** The codes of an ACL in an answer. */
export interface AclRow {
  readonly resourceType: number
  readonly resourceName: string
  readonly patternType: number
  readonly principal: string
  readonly host: string
  readonly operation: number
  readonly permissionType: number
}

/** An ACL that an answer tells. */
export function aclBinding(row: AclRow): AclBinding {
  const { resourceName, principal, host } = row
  return {
    resourceType: aclResourceTypes[row.resourceType] ?? 'UNKNOWN',
    resourceName,
    patternType: aclPatternTypes[row.patternType] ?? 'UNKNOWN',
    principal,
    host,
    operation: aclOperations[row.operation] ?? 'UNKNOWN',
    permissionType: aclPermissionTypes[row.permissionType] ?? 'UNKNOWN',
  }
}

function codeOf<Name extends string>(names: readonly Name[], name: Name): number {
  return Math.max(0, names.indexOf(name))
}
