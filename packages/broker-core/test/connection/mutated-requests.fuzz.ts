import { encodeRequestFrame } from '@odradek/protocol'
import { runSeeds, SimRandom } from '@odradek/runtime/sim'
import { describe, expect, it } from 'vitest'
import { apiVersions } from '../../src/handlers/18-api-versions.ts'
import { servedHandlers } from '../../src/handlers.ts'
import { type Named, requestRows, versionsOf } from '../request-rows.ts'
import { TestBroker } from '../test-broker.ts'
import type { TestConnection } from '../test-connection.ts'

const command = 'npx vitest run packages/broker-core/test/connection/mutated-requests.fuzz.ts'
const mutations = 40

/** The frame of a good request, without its size, or of one that says nothing. */
function someRequest(random: SimRandom, topic: Named): Buffer {
  const handler = random.pick(servedHandlers())
  const version = random.pick(versionsOf(handler))
  const row = requestRows.find((one) => one.handler === handler)
  const requestOf = random.chance(0.8) ? (row?.good ?? row?.bad) : row?.bad
  const frame = Buffer.concat(
    encodeRequestFrame(handler.request, requestOf?.(version, topic) ?? {}, {
      version,
      correlationId: 1,
      clientId: 'fuzz',
    }),
  )
  return frame.subarray(4)
}

/** Bytes changed, cut off, put in or doubled. */
function mutated(random: SimRandom, frame: Buffer): Buffer {
  const bytes = Buffer.from(frame)
  const at = random.nextInt(bytes.length)
  switch (random.nextInt(6)) {
    case 0:
      bytes[at] = random.nextInt(256)
      return bytes
    case 1:
      bytes[at]! ^= 1 << random.nextInt(8)
      return bytes
    case 2:
      return bytes.subarray(0, at)
    case 3:
      return Buffer.concat([bytes.subarray(0, at), random.nextBytes(1 + random.nextInt(8)), bytes.subarray(at)])
    case 4:
      bytes.writeInt32BE(random.pick([-1, 0, 1, 0x7fff_ffff, -0x8000_0000]), Math.min(at, bytes.length - 4))
      return bytes
    default:
      return Buffer.concat([bytes, bytes.subarray(at)])
  }
}

function framed(bytes: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(4 + bytes.length)
  frame.writeInt32BE(bytes.length)
  frame.set(bytes, 4)
  return frame
}

/** A connection that was not closed so far. */
async function open(broker: TestBroker, former: TestConnection | undefined): Promise<TestConnection> {
  return former?.isOpen === true ? former : broker.connect()
}

describe('requests with bytes that were changed on the way', () => {
  it('are answered or end their connection, and are never a bug to the broker', async () => {
    await runSeeds({ command, seeds: 60 }, async (seed) => {
      const random = new SimRandom(seed)
      await using broker = await TestBroker.start()
      const topic = { name: 'known', topicId: await broker.createTopic('known') }
      let connection: TestConnection | undefined
      for (let index = 0; index < mutations; index++) {
        connection = await open(broker, connection)
        let bytes = someRequest(random, topic)
        for (let changes = 1 + random.nextInt(3); changes > 0 && bytes.length >= 4; changes--)
          bytes = mutated(random, bytes)
        connection.write(framed(bytes))
        await broker.clock.advance(1000)
        if (broker.errors.length > 0) {
          const { message, fields } = broker.errors[0]!
          throw new Error(`${message}: ${bytes.toString('hex')}`, { cause: fields?.['error'] })
        }
      }
      expect((await broker.request(apiVersions, 0, {})).errorCode).toBe(0)
    })
  })
})
