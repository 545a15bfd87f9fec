import { type AclOperation, aclOperations } from '../acls/acl-names.ts'

/** What a broker sends when it was not asked. */
const notAsked = -2_147_483_648

/** The operations that the user may do, from the bits of an answer; null when they were not asked for. */
export function authorizedOperations(bits: number): readonly AclOperation[] | null {
  if (bits === notAsked) return null
  return aclOperations.filter((_, code) => code > 0 && (bits & (1 << code)) !== 0)
}
