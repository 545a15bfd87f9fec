import { isDeepStrictEqual } from 'node:util'
import { encode, type MessageType, ProtocolError, Reader } from '../../src/index.ts'
import { messageType } from '../../src/lookup.ts'
import { messageVectors } from '../messages/message-vectors.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'
import type { SeededRandom } from './seeded-random.ts'

/** Structs are at most this deep in Kafka's messages, so that many arrays can be waiting for their elements. */
const deepest = 8

/**
 * Spoiled messages are read, or refused with a ProtocolError that tells byte and field; what was read is written and read again
 * to the same value.
 */
export function messageTarget(): FuzzTarget {
  const vectors = messageVectors().map((vector) => ({
    ...vector,
    type: messageType(vector.name) as MessageType<object>,
  }))
  return {
    name: 'messages',
    run: (random) => {
      const { type, bytes, version } = random.pick(vectors)
      const mutated = mutate(bytes, random)
      const versionRead = random.nextInt(8) === 0 ? randomVersion(type, random) : version
      const value = readOrRefuse(type, mutated, versionRead)
      if (value !== undefined) checkRoundTrip(type, value, versionRead)
    },
  }
}

/** A reader that notes how much is claimed by the arrays in the bytes. */
class ClaimsReader extends Reader {
  claimed = 0

  override readArrayLength(compact: boolean, elementSize: number): number {
    return this.note(super.readArrayLength(compact, elementSize))
  }

  override readNullableArrayLength(compact: boolean, elementSize: number): number {
    return this.note(super.readNullableArrayLength(compact, elementSize))
  }

  private note(count: number): number {
    this.claimed += Math.max(0, count)
    return count
  }
}

function readOrRefuse(type: MessageType<object>, bytes: Uint8Array, version: number): object | undefined {
  const reader = new ClaimsReader(bytes)
  const value = readOrCheckError(type, reader, version)
  if (reader.claimed > bytes.length * deepest) {
    throw new Error(`${bytes.length} bytes made room for ${reader.claimed} elements`)
  }
  return reader.remaining === 0 ? value : undefined
}

function readOrCheckError(type: MessageType<object>, reader: Reader, version: number): object | undefined {
  try {
    return type.read(reader, version)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    if (error.position < 0 || error.position > reader.end) {
      throw new Error(`byte ${error.position} is not one of ${reader.end}`, { cause: error })
    }
    if (error.path === '') throw new Error(`no path in ${error.message}`, { cause: error })
    return undefined
  }
}

function checkRoundTrip(type: MessageType<object>, value: object, version: number): void {
  let written: Uint8Array
  try {
    written = encode(type, value, version)
  } catch (error) {
    // Kafka reads unknown tagged fields in any order, and refuses to write them in any but the right one.
    if (error instanceof ProtocolError && error.path.endsWith('unknownTaggedFields')) return
    throw error
  }
  const again = type.read(new Reader(written), version)
  if (!isDeepStrictEqual(again, value)) throw new Error(`${type.name} ${version} comes back changed`)
}

function randomVersion(type: MessageType<object>, random: SeededRandom): number {
  return type.minVersion + random.nextInt(type.maxVersion - type.minVersion + 1)
}
