import { pbkdf2 } from 'node:crypto'
import { KafkaError } from '@odradek/client'
import {
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { done, errorOf, resultOf } from '../core/answer-error.ts'
import type { Results } from '../core/results.ts'

/** Codes and hashes of the mechanisms. */
const mechanisms = {
  'SCRAM-SHA-256': { code: 1, hash: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { code: 2, hash: 'sha512', bytes: 64 },
} as const

/** A SCRAM mechanism. Kafka: `ScramMechanism`. */
export type ScramMechanismName = keyof typeof mechanisms

/** A credential of a user; the password is known to nobody. Kafka: `ScramCredentialInfo`. */
export interface ScramCredential {
  /** `UNKNOWN` when the broker knows more of them than this client. */
  readonly mechanism: ScramMechanismName | 'UNKNOWN'
  readonly iterations: number
}

/** The credentials of a user. Kafka: `UserScramCredentialsDescription`. */
export interface UserScramCredentials {
  readonly user: string
  readonly credentials: readonly ScramCredential[]
}

/** A new password, or the end of one. Kafka: `UserScramCredentialAlteration`. */
export type ScramAlteration =
  | {
      readonly user: string
      readonly mechanism: ScramMechanismName
      readonly password: string | Uint8Array
      /** 4,096 to 16,384; 4,096 when left out. */
      readonly iterations?: number | undefined
      /** Random bytes when left out. */
      readonly salt?: Uint8Array | undefined
    }
  | { readonly user: string; readonly mechanism: ScramMechanismName; readonly delete: true }

const describeApi = { request: describeUserScramCredentialsRequest, response: describeUserScramCredentialsResponse }
const alterApi = { request: alterUserScramCredentialsRequest, response: alterUserScramCredentialsResponse }
const defaultIterations = 4_096
const saltBytes = 24

/** The SCRAM credentials of some users, or of all (KIP-554). A user that has none has the error RESOURCE_NOT_FOUND. */
export function describeUserScramCredentials(
  core: AdminCore,
  users: Iterable<string> | undefined,
  options: CallOptions = {},
): Promise<Results<UserScramCredentials>> {
  return core.run('describeUserScramCredentials', options, async (call) => {
    const names = users === undefined ? null : [...new Set(users)].map((name) => ({ name }))
    const { response } = await call.ask({ api: describeApi, to: 'any', body: { users: names }, check: errorOf })
    return new Map(
      response.results.map((row) => {
        const credentials = () =>
          row.credentialInfos.map(({ mechanism, iterations }) => ({ mechanism: mechanismOf(mechanism), iterations }))
        return [row.user, resultOf(row, {}, () => ({ user: row.user, credentials: credentials() }))] as const
      }),
    )
  })
}

/** Sets and deletes SCRAM credentials; results by user. Passwords are salted here and never sent. */
export function alterUserScramCredentials(
  core: AdminCore,
  alterations: Iterable<ScramAlteration>,
  options: CallOptions = {},
): Promise<Results<null>> {
  return core.run('alterUserScramCredentials', options, async (call) => {
    const given = [...alterations]
    const deletions = given.flatMap((alteration) =>
      'delete' in alteration ? [{ name: alteration.user, mechanism: mechanisms[alteration.mechanism].code }] : [],
    )
    const upsertions = await call.within(
      Promise.all(
        given.flatMap((alteration) => {
          if ('delete' in alteration) return []
          const { user: name, mechanism, password, iterations = defaultIterations } = alteration
          if (!Number.isInteger(iterations) || iterations < 1) {
            throw new KafkaError('UNACCEPTABLE_CREDENTIAL', `iterations has to be a whole number, got ${iterations}`)
          }
          const salt = alteration.salt ?? core.context.random.nextBytes(saltBytes)
          return saltedPassword({ password, salt, iterations, mechanism }).then((salted) => {
            return { name, mechanism: mechanisms[mechanism].code, iterations, salt, saltedPassword: salted }
          })
        }),
      ),
    )
    const { response } = await call.ask({ api: alterApi, to: 'controller', body: { deletions, upsertions } })
    return new Map(response.results.map((row) => [row.user, resultOf(row, {}, done)] as const))
  })
}

interface Salting {
  readonly password: string | Uint8Array
  readonly salt: Uint8Array
  readonly iterations: number
  readonly mechanism: ScramMechanismName
}

function saltedPassword({ password, salt, iterations, mechanism }: Salting): Promise<Uint8Array> {
  const { hash, bytes } = mechanisms[mechanism]
  const secret = typeof password === 'string' ? password.normalize('NFKC') : password
  return new Promise((resolve, reject) => {
    pbkdf2(secret, salt, iterations, bytes, hash, (error, salted) => {
      if (error === null) resolve(salted)
      else reject(error)
    })
  })
}

function mechanismOf(code: number): ScramMechanismName | 'UNKNOWN' {
  const names = Object.keys(mechanisms) as ScramMechanismName[]
  return names.find((name) => mechanisms[name].code === code) ?? 'UNKNOWN'
}
