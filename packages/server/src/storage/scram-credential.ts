/** SCRAM credentials a cluster is formatted with, so that its brokers can log in before any user was made (KIP-900). */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { printUuid } from '@odradek/protocol'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import type { Random } from '@odradek/runtime'
import { StorageFailure } from './storage-failure.ts'

const mechanisms = {
  'SCRAM-SHA-256': { id: 1, hash: 'sha256', bytes: 32, kafkaName: 'SCRAM_SHA_256' },
  'SCRAM-SHA-512': { id: 2, hash: 'sha512', bytes: 64, kafkaName: 'SCRAM_SHA_512' },
} as const
const [minIterations, maxIterations] = [4096, 16_384]

/** Reads `SCRAM-SHA-256=[name=alice,password=alice-secret]`. A salt is made up when none is given. Throws StorageFailure. */
export function scramRecordOf(text: string, random: Random): MetadataRecord {
  const equals = text.indexOf('=')
  if (equals < 0) throw new StorageFailure(`Failed to find equals sign in SCRAM argument '${text}'`)
  const mechanismName = text.slice(0, equals)
  const mechanism = mechanisms[mechanismName as keyof typeof mechanisms]
  if (mechanism === undefined) throw new StorageFailure(`The add-scram mechanism ${mechanismName} is not supported.`)
  const given = configsIn(text.slice(equals + 1))
  const name = taken(given, 'name')
  if (name === undefined) throw new StorageFailure("You must supply 'name' to add-scram")
  const givenSalt = taken(given, 'salt')
  const salt = givenSalt === undefined ? undefined : base64Of(givenSalt, 'salt')
  const iterations = iterationsOf(taken(given, 'iterations'), mechanism.kafkaName)
  const password = taken(given, 'password')
  const saltedText = taken(given, 'saltedpassword')
  if (given.size > 0) throw new StorageFailure(`Unknown SCRAM configurations: ${[...given.keys()].join(', ')}`)
  if (password === undefined && saltedText === undefined)
    throw new StorageFailure("You must supply one of 'password' or 'saltedpassword' to add-scram")
  if (password === undefined && salt === undefined)
    throw new StorageFailure("You must supply 'salt' with 'saltedpassword' to add-scram")
  const usedSalt = salt ?? new TextEncoder().encode(printUuid(random.nextBytes(16)))
  const saltedPassword =
    password !== undefined
      ? pbkdf2Sync(password.normalize('NFKC'), usedSalt, iterations, mechanism.bytes, mechanism.hash)
      : base64Of(saltedText!, 'saltedPassword')
  const keyOf = (label: string) => createHmac(mechanism.hash, saltedPassword).update(label).digest()
  return {
    type: 'UserScramCredentialRecord',
    version: 0,
    record: {
      name,
      mechanism: mechanism.id,
      salt: usedSalt,
      storedKey: Uint8Array.from(createHash(mechanism.hash).update(keyOf('Client Key')).digest()),
      serverKey: Uint8Array.from(keyOf('Server Key')),
      iterations,
    },
  }
}

function configsIn(text: string): Map<string, string> {
  const trimmed = text.trim()
  if (!trimmed.startsWith('[')) throw new StorageFailure('Expected configuration string to start with [')
  if (!trimmed.endsWith(']')) throw new StorageFailure('Expected configuration string to end with ]')
  const configs = new Map<string, string>()
  for (const entry of trimmed.slice(1, -1).split(',')) {
    const equals = entry.indexOf('=')
    if (equals < 0) throw new StorageFailure(`No equals sign found in SCRAM component: ${entry}`)
    const value = entry.slice(equals + 1).trim()
    configs.set(entry.slice(0, equals).trim(), /^".*"$/.test(value) && value.length > 1 ? value.slice(1, -1) : value)
  }
  return configs
}

function taken(configs: Map<string, string>, name: string): string | undefined {
  const value = configs.get(name)
  configs.delete(name)
  return value
}

function base64Of(text: string, what: string): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || bytes.length === 0)
    throw new StorageFailure(`Failed to decode given ${what}: ${text}`)
  return bytes
}

function iterationsOf(text: string | undefined, mechanism: string): number {
  if (text === undefined) return minIterations
  if (!/^[+-]?\d+$/.test(text)) throw new StorageFailure(`Failed to parse iterations count: ${text}`)
  const iterations = Number(text)
  const bound = iterations < minIterations ? `>= ${minIterations}` : `<= ${maxIterations}`
  if (iterations < minIterations || iterations > maxIterations)
    throw new StorageFailure(`The 'iterations' value must be ${bound} for add-scram using ${mechanism}`)
  return iterations
}
