import { expect, test } from 'vitest'
import { brokerConfigOf, staticLayers } from '../../src/config.ts'
import { ConnectionQuotas } from '../../src/connection/connection-quotas.ts'

const configOf = (config: Record<string, string>) =>
  brokerConfigOf(
    staticLayers(
      Object.entries({
        'node.id': '1',
        'process.roles': 'broker',
        'controller.listener.names': 'CONTROLLER',
        ...config,
      }),
    ),
  )

const quotasOf = (config: Record<string, string>) => {
  const present = configOf(config)
  return new ConnectionQuotas(() => present)
}

test('an address gets max.connections.per.ip, whatever others have', () => {
  const quotas = quotasOf({ 'max.connections.per.ip': '1' })
  expect([quotas.enter('10.0.0.1'), quotas.enter('10.0.0.2'), quotas.enter('10.0.0.1')]).toEqual([
    undefined,
    undefined,
    { config: 'max.connections.per.ip', limit: 1 },
  ])
})

test('a connection that ends makes room for another', () => {
  const quotas = quotasOf({ 'max.connections.per.ip': '1' })
  quotas.enter('10.0.0.1')
  quotas.leave('10.0.0.1')
  expect([quotas.enter('10.0.0.1'), quotas.enter('10.0.0.1')?.limit]).toEqual([undefined, 1])
})

test('max.connections.per.ip.overrides gives single addresses more, or none', () => {
  const overrides = '10.0.0.1:2,fe80::1:0'
  const quotas = quotasOf({ 'max.connections.per.ip': '1', 'max.connections.per.ip.overrides': overrides })
  expect(['10.0.0.1', '10.0.0.1', '10.0.0.1', 'fe80::1', '10.0.0.2'].map((host) => quotas.enter(host)?.limit)).toEqual([
    undefined,
    undefined,
    2,
    0,
    undefined,
  ])
})

test('an IPv4 address is the same over an IPv6 socket', () => {
  const quotas = quotasOf({ 'max.connections.per.ip': '1' })
  expect([quotas.enter('10.0.0.1'), quotas.enter('::ffff:10.0.0.1')?.limit]).toEqual([undefined, 1])
})

test('max.connections bounds all addresses together', () => {
  const quotas = quotasOf({ 'max.connections': '2' })
  expect(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((host) => quotas.enter(host))).toEqual([
    undefined,
    undefined,
    { config: 'max.connections', limit: 2 },
  ])
})

test('a limit that is altered holds from the next connection on', () => {
  let config = configOf({ 'max.connections.per.ip': '1' })
  const quotas = new ConnectionQuotas(() => config)
  quotas.enter('10.0.0.1')
  config = configOf({ 'max.connections.per.ip': '2' })
  expect([quotas.enter('10.0.0.1'), quotas.enter('10.0.0.1')?.limit]).toEqual([undefined, 2])
})
