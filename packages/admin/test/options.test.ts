import { expect, test } from 'vitest'
import { Admin, adminConfigTable } from '../src/index.ts'

const bootstrapServers = 'localhost:9092'

test('defaults are those of Kafka', () => {
  const { values } = adminConfigTable.parse({ bootstrapServers })
  expect(values).toMatchObject({
    connectionsMaxIdleMs: 300_000,
    defaultApiTimeoutMs: 60_000,
    enableMetricsPush: false,
    metadataMaxAgeMs: 300_000,
    requestTimeoutMs: 30_000,
    retries: 2_147_483_647,
    retryBackoffMs: 100,
  })
})

test.each([
  [{}, 'bootstrapServers (bootstrap.servers) has to be given, or bootstrapControllers'],
  [{ bootstrapServers, bootstrapControllers: 'localhost:9093' }, 'exclude each other'],
  [{ bootstrapServers, defaultApiTimeoutMs: 1_000 }, 'defaultApiTimeoutMs has to be at least requestTimeoutMs, 30000'],
  [{ bootstrapServers, retrys: 1 }, 'unknown option retrys; did you mean retries?'],
  [{ bootstrapServers, clientRack: 'a' }, 'unknown option clientRack'],
])('%j is refused', (options, message) => {
  expect(() => new Admin(options)).toThrow(message)
})

test("options come from Kafka's own files", () => {
  const options = Admin.fromProperties('bootstrap.servers=a:1,b:2\ndefault.api.timeout.ms=90000\nretries=3\n')
  expect(options).toEqual({ bootstrapServers: ['a:1', 'b:2'], defaultApiTimeoutMs: 90_000, retries: 3 })
})
