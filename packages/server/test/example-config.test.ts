import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readServerProperties } from '../src/server-properties.ts'

test('config/server.properties starts a combined node without a warning', () => {
  const text = readFileSync(new URL('../../../config/server.properties', import.meta.url), 'latin1')
  const { config, listeners, warnings } = readServerProperties({ path: 'config/server.properties', text })
  expect(warnings).toEqual([])
  expect(config.processRoles).toEqual(['broker', 'controller'])
  expect(listeners.advertised).toEqual([
    { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'localhost', port: 9092 },
  ])
})
