import { ConfigError, staticLayers } from '@odradek/broker-core/config'
import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import { tlsOf } from '../src/tls-files.ts'

const listener = { name: 'EXTERNAL', securityProtocol: 'SSL', host: null, port: 9093 } as const

function tls(configs: Readonly<Record<string, string>>) {
  const storage = new MemoryStorage()
  storage.makeDirectory('/etc')
  storage.writeFile('/etc/key.pem', new TextEncoder().encode('KEY AND CHAIN'))
  storage.writeFile('/etc/ca.pem', new TextEncoder().encode('CA'))
  return tlsOf(listener, staticLayers(Object.entries({ 'node.id': '1', ...configs })), storage)
}

test('a PEM key store holds key and certificates, a PEM trust store the authorities', () => {
  expect(
    tls({
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': '/etc/key.pem',
      'ssl.key.password': 'hush',
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': '/etc/ca.pem',
      'ssl.client.auth': 'required',
    }),
  ).toEqual({
    key: 'KEY AND CHAIN',
    certificate: 'KEY AND CHAIN',
    ca: 'CA',
    passphrase: 'hush',
    clientAuth: 'required',
  })
})

test('keys may stand in the file itself, and a listener has its own before the common ones', () => {
  expect(
    tls({
      'ssl.keystore.key': 'KEY',
      'ssl.keystore.certificate.chain': 'CHAIN',
      'listener.name.external.ssl.keystore.key': 'OWN KEY',
    }),
  ).toEqual({ key: 'OWN KEY', certificate: 'CHAIN', clientAuth: 'none' })
})

describe('what cannot be read is refused by name', () => {
  test.each([
    [{}, 'expected ssl.keystore.location, or ssl.keystore.key and ssl.keystore.certificate.chain'],
    [{ 'ssl.keystore.location': '/etc/key.jks' }, 'expected ssl.keystore.type=PEM, found JKS'],
    [{ 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': '/etc/none' }, '/etc/none'],
  ])('%j', (configs, message) => {
    expect(() => tls(configs)).toThrow(ConfigError)
    expect(() => tls(configs)).toThrow(message)
  })
})
