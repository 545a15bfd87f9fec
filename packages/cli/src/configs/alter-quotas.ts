import { type Admin, onlyValue, type ScramAlteration, type ScramMechanismName, valuesOf } from '@odradek/admin'
import type { ConfigsInvocation } from './configs-usage.ts'
import { quotaFilter } from './describe-quotas.ts'

const clientQuotas: ReadonlySet<string> = new Set([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
])
const ipQuotas: ReadonlySet<string> = new Set(['connection_creation_rate'])
const mechanisms: readonly string[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] satisfies readonly ScramMechanismName[]
const minIterations = 4096
const defaultIterations = 4096

/** What is to be set and removed, by name. */
export interface ConfigsToAlter {
  readonly set: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

/** Alters the quotas of users, clients and addresses, or the SCRAM credentials of a user. @throws Error in Kafka's words */
export async function alterQuotas(admin: Admin, invocation: ConfigsInvocation, changes: ConfigsToAlter): Promise<void> {
  const { types, names, type } = invocation
  const named = [...Object.keys(changes.set), ...changes.remove]
  if (type === 'ips') {
    const unknown = named.filter((name) => !ipQuotas.has(name))
    refuse(unknown, `Only connection quota configs can be added for 'ips' using --bootstrap-server.`)
  } else if (types.includes('clients')) {
    const isKnown = (name: string) => clientQuotas.has(name)
    refuse(without(Object.keys(changes.set), isKnown), quotasOnly('Only quota configs', 'added', 'clients'))
    refuse(without(changes.remove, isKnown), quotasOnly('Only quota configs', 'deleted', 'clients'))
  } else {
    checkUserConfigs(names, changes)
    if (named.some(isScram)) {
      await alterCredentials(admin, names[0]!, changes)
      return
    }
  }
  await alterQuotaValues(admin, invocation, changes)
}

function checkUserConfigs(names: readonly string[], { set, remove }: ConfigsToAlter): void {
  const what = 'Only quota and SCRAM credential configs'
  const isKnown = (name: string) => clientQuotas.has(name) || isScram(name)
  refuse(without(Object.keys(set), isKnown), quotasOnly(what, 'added', 'users'))
  refuse(without(remove, isKnown), quotasOnly(what, 'deleted', 'users'))
  const named = [...Object.keys(set), ...remove]
  if (!named.some(isScram)) return
  if (names.includes('')) {
    throw new Error(
      'The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.',
    )
  }
  if (named.some((name) => clientQuotas.has(name))) {
    throw new Error(
      "Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.",
    )
  }
}

function quotasOnly(what: string, how: string, type: string): string {
  return `${what} can be ${how} for '${type}' using --bootstrap-server.`
}

function refuse(unknown: readonly string[], rule: string): void {
  if (unknown.length > 0) throw new Error(`${rule} Unexpected config names: ${unknown.join(',')}`)
}

function without(names: readonly string[], isKnown: (name: string) => boolean): readonly string[] {
  return names.filter((name) => !isKnown(name))
}

function isScram(name: string): boolean {
  return mechanisms.includes(name)
}

async function alterQuotaValues(
  admin: Admin,
  invocation: ConfigsInvocation,
  { set, remove }: ConfigsToAlter,
): Promise<void> {
  const filter = quotaFilter(invocation)
  const [present] = await admin.describeClientQuotas(filter)
  const missing = remove.filter((name) => !(name in (present?.quotas ?? {})))
  if (missing.length > 0) throw new Error(`Invalid config(s): ${missing.join(',')}`)
  const entity = Object.fromEntries(
    Object.entries(filter.entity ?? {}).map(([type, name]) => [type, typeof name === 'string' ? name : null]),
  )
  const quotas = Object.entries(set).map(([name, text]) => {
    const value = Number(text)
    if (text.trim() === '' || Number.isNaN(value)) {
      throw new Error(`Cannot parse quota configuration value for ${name}: ${text}`)
    }
    return [name, value] as const
  })
  onlyValue(await admin.alterClientQuotas([{ entity, set: Object.fromEntries(quotas), remove }]))
}

async function alterCredentials(admin: Admin, user: string, { set, remove }: ConfigsToAlter): Promise<void> {
  const upserts = Object.entries(set).map(([mechanism, text]) => credential(user, mechanism, text))
  const deletions = remove.map((name): ScramAlteration => ({ user, mechanism: mechanismOf(name), delete: true }))
  valuesOf(await admin.alterUserScramCredentials([...deletions, ...upserts]))
}

function credential(user: string, mechanism: string, text: string): ScramAlteration {
  const found = /^(?:iterations=(-?[0-9]*),)?password=(.*)$/.exec(text)
  if (found === null) throw new Error(`Invalid credential property ${mechanism}=${text}`)
  const [, given = '-1', password] = found
  const iterations = given === '-1' ? defaultIterations : Number(given)
  if (iterations < minIterations) {
    throw new Error(`Iterations ${iterations} is less than the minimum ${minIterations} required for ${mechanism}`)
  }
  return { user, mechanism: mechanismOf(mechanism), password: password!, iterations }
}

function mechanismOf(name: string): ScramMechanismName {
  return name === 'SCRAM-SHA-256' ? name : 'SCRAM-SHA-512'
}
