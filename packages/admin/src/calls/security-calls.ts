import type { AclBinding, AclFilter, NewAcl } from '../acls/acl-binding.ts'
import { createAcls, type DeletedAcls, deleteAcls, describeAcls } from '../acls/acls.ts'
import type { CallOptions } from '../core/admin-call.ts'
import type { Results } from '../core/results.ts'
import {
  type CreateTokenOptions,
  createDelegationToken,
  type DelegationToken,
  describeDelegationToken,
  expireDelegationToken,
  type Principal,
  renewDelegationToken,
} from '../tokens/delegation-tokens.ts'
import {
  type AlterQuotasOptions,
  alterClientQuotas,
  type ClientQuotas,
  describeClientQuotas,
  type QuotaChanges,
  type QuotaFilter,
} from '../users/client-quotas.ts'
import {
  alterUserScramCredentials,
  describeUserScramCredentials,
  type ScramAlteration,
  type UserScramCredentials,
} from '../users/scram-credentials.ts'
import { GroupCalls } from './group-calls.ts'

/** What Admin does with ACLs, credentials, quotas and delegation tokens. */
export abstract class SecurityCalls extends GroupCalls {
  /** ACLs that a filter meets; all without one. */
  describeAcls(filter: AclFilter = {}, options?: CallOptions): Promise<readonly AclBinding[]> {
    return describeAcls(this.core, filter, options)
  }

  /** Makes ACLs; results by position. */
  createAcls(acls: Iterable<NewAcl>, options?: CallOptions): Promise<Results<null, number>> {
    return createAcls(this.core, acls, options)
  }

  /** Deletes the ACLs that filters meet; results by position of the filter, and within by position of the ACL. */
  deleteAcls(filters: Iterable<AclFilter>, options?: CallOptions): Promise<Results<DeletedAcls, number>> {
    return deleteAcls(this.core, filters, options)
  }

  /** The SCRAM credentials of some users, or of all. A user that has none has the error RESOURCE_NOT_FOUND. */
  describeUserScramCredentials(
    users?: Iterable<string>,
    options?: CallOptions,
  ): Promise<Results<UserScramCredentials>> {
    return describeUserScramCredentials(this.core, users, options)
  }

  /** Sets and deletes SCRAM credentials; results by user. Passwords are salted here and never sent. */
  alterUserScramCredentials(alterations: Iterable<ScramAlteration>, options?: CallOptions): Promise<Results<null>> {
    return alterUserScramCredentials(this.core, alterations, options)
  }

  /** The quotas of the entities that a filter meets; all without one. */
  describeClientQuotas(filter: QuotaFilter = {}, options?: CallOptions): Promise<readonly ClientQuotas[]> {
    return describeClientQuotas(this.core, filter, options)
  }

  /** Sets and removes quotas; results by position. */
  alterClientQuotas(changes: Iterable<QuotaChanges>, options?: AlterQuotasOptions): Promise<Results<null, number>> {
    return alterClientQuotas(this.core, changes, options)
  }

  /** Makes a delegation token. The connection has to be authenticated, and not by a token. */
  createDelegationToken(options?: CreateTokenOptions): Promise<DelegationToken> {
    return createDelegationToken(this.core, options)
  }

  /** Renews a delegation token and answers when it expires now. */
  renewDelegationToken(
    hmac: Uint8Array,
    options?: CallOptions & { readonly renewTimePeriodMs?: number },
  ): Promise<number> {
    return renewDelegationToken(this.core, hmac, options)
  }

  /** Lets a delegation token expire, at once unless a period is given, and answers when it does. */
  expireDelegationToken(
    hmac: Uint8Array,
    options?: CallOptions & { readonly expiryTimePeriodMs?: number },
  ): Promise<number> {
    return expireDelegationToken(this.core, hmac, options)
  }

  /** The delegation tokens of some owners, or all that the user may see. */
  describeDelegationToken(
    options?: CallOptions & { readonly owners?: readonly Principal[] },
  ): Promise<readonly DelegationToken[]> {
    return describeDelegationToken(this.core, options)
  }
}
