import {
  createDelegationTokenRequest,
  createDelegationTokenResponse,
  describeDelegationTokenRequest,
  describeDelegationTokenResponse,
  expireDelegationTokenRequest,
  expireDelegationTokenResponse,
  renewDelegationTokenRequest,
  renewDelegationTokenResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import { needsVersion } from '../core/needs-version.ts'

/** A user or another kind of principal. Kafka: `KafkaPrincipal`. */
export interface Principal {
  /** `User`. */
  readonly principalType: string
  readonly name: string
}

/** A delegation token (KIP-48). Times are milliseconds since the epoch. Kafka: `DelegationToken`. */
export interface DelegationToken {
  readonly tokenId: string
  /** The secret by which it is renewed, expired and logged in with. */
  readonly hmac: Uint8Array
  readonly owner: Principal
  readonly tokenRequester: Principal
  readonly renewers: readonly Principal[]
  readonly issueTimestamp: number
  readonly expiryTimestamp: number
  /** Until when it can be renewed at most. */
  readonly maxTimestamp: number
}

/** How a token is made. */
export interface CreateTokenOptions extends CallOptions {
  /** Who owns it; the user of this client when left out (KIP-373). */
  readonly owner?: Principal | undefined
  /** Who may renew it beside the owner. */
  readonly renewers?: readonly Principal[] | undefined
  /** `delegation.token.max.lifetime.ms` of the broker when left out. */
  readonly maxLifetimeMs?: number | undefined
}

const createApi = { request: createDelegationTokenRequest, response: createDelegationTokenResponse }
const renewApi = { request: renewDelegationTokenRequest, response: renewDelegationTokenResponse }
const expireApi = { request: expireDelegationTokenRequest, response: expireDelegationTokenResponse }
const describeApi = { request: describeDelegationTokenRequest, response: describeDelegationTokenResponse }
const brokersChoice = -1
const firstVersionOfOwners = 3

/** Makes a token. The connection has to be authenticated, and not by a token. */
export function createDelegationToken(core: AdminCore, options: CreateTokenOptions = {}): Promise<DelegationToken> {
  const { owner, renewers = [], maxLifetimeMs = brokersChoice } = options
  return core.run('createDelegationToken', options, async (call) => {
    const { response, version } = await call.ask({
      api: createApi,
      to: 'any',
      body: (known) => {
        if (owner !== undefined) needsVersion(known, firstVersionOfOwners, 'an owner other than the user')
        return {
          ...(owner === undefined ? {} : { ownerPrincipalType: owner.principalType, ownerPrincipalName: owner.name }),
          ...(known >= firstVersionOfOwners && owner === undefined
            ? { ownerPrincipalType: null, ownerPrincipalName: null }
            : {}),
          renewers: renewers.map(({ principalType, name }) => ({ principalType, principalName: name })),
          maxLifetimeMs,
        }
      },
      check: errorOf,
    })
    const { tokenId, hmac, issueTimestampMs, expiryTimestampMs, maxTimestampMs } = response
    const [owned, requester] = ownerAndRequester(response, version)
    return {
      tokenId,
      hmac: hmac.slice(),
      owner: owned,
      tokenRequester: requester,
      renewers,
      issueTimestamp: issueTimestampMs,
      expiryTimestamp: expiryTimestampMs,
      maxTimestamp: maxTimestampMs,
    }
  })
}

/** Renews a token, for `renewTimePeriodMs` or as long as the broker thinks fit, and answers when it expires now. */
export function renewDelegationToken(
  core: AdminCore,
  hmac: Uint8Array,
  options: CallOptions & { readonly renewTimePeriodMs?: number | undefined } = {},
): Promise<number> {
  return core.run('renewDelegationToken', options, async (call) => {
    const body = { hmac, renewPeriodMs: options.renewTimePeriodMs ?? brokersChoice }
    const { response } = await call.ask({ api: renewApi, to: 'any', body, check: errorOf })
    return response.expiryTimestampMs
  })
}

/** Lets a token expire after `expiryTimePeriodMs`, or at once, and answers when it does. */
export function expireDelegationToken(
  core: AdminCore,
  hmac: Uint8Array,
  options: CallOptions & { readonly expiryTimePeriodMs?: number | undefined } = {},
): Promise<number> {
  return core.run('expireDelegationToken', options, async (call) => {
    const body = { hmac, expiryTimePeriodMs: options.expiryTimePeriodMs ?? brokersChoice }
    const { response } = await call.ask({ api: expireApi, to: 'any', body, check: errorOf })
    return response.expiryTimestampMs
  })
}

/** The tokens of some owners, or all that the user may see. */
export function describeDelegationToken(
  core: AdminCore,
  options: CallOptions & { readonly owners?: readonly Principal[] | undefined } = {},
): Promise<readonly DelegationToken[]> {
  return core.run('describeDelegationToken', options, async (call) => {
    const owners = options.owners?.map(({ principalType, name }) => ({ principalType, principalName: name })) ?? null
    const { response, version } = await call.ask({ api: describeApi, to: 'any', body: { owners }, check: errorOf })
    return response.tokens.map((row) => {
      const [owner, tokenRequester] = ownerAndRequester(row, version)
      const { tokenId, hmac, issueTimestamp, expiryTimestamp, maxTimestamp } = row
      const renewers = row.renewers.map(({ principalType, principalName: name }) => ({ principalType, name }))
      return {
        tokenId,
        hmac: hmac.slice(),
        owner,
        tokenRequester,
        renewers,
        issueTimestamp,
        expiryTimestamp,
        maxTimestamp,
      }
    })
  })
}

interface TokenRow {
  readonly principalType: string
  readonly principalName: string
  readonly tokenRequesterPrincipalType: string
  readonly tokenRequesterPrincipalName: string
}

/** Before version 3 the owner is whoever asked. */
function ownerAndRequester(row: TokenRow, version: number): readonly [owner: Principal, requester: Principal] {
  const owner = { principalType: row.principalType, name: row.principalName }
  if (version < firstVersionOfOwners) return [owner, owner]
  return [owner, { principalType: row.tokenRequesterPrincipalType, name: row.tokenRequesterPrincipalName }]
}
