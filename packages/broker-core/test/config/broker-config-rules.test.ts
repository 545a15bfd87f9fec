import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  brokerConfigOf,
  brokerConfigProblem,
  ConfigError,
  type Listener,
  listenersOf,
  logDirsOf,
  staticLayers,
} from '../../src/config.ts'

interface KafkaSays {
  readonly given: readonly (readonly [string, string])[]
  readonly error?: string
  readonly listeners?: string
}

/** What the constructor of Apache Kafka 4.4's KafkaConfig made of each set of properties. */
const cases: readonly KafkaSays[] = readFileSync(new URL('fixtures/broker-config-rules.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

const base = new Map(cases[0]!.given)

describe('configs of a node are accepted and refused as Apache Kafka does', () => {
  test.each(cases.map((says) => [difference(says.given), says] as const))('%s', (_, says) => {
    const { given, ...expected } = says
    expect(outcome(given)).toEqual(expected)
  })
})

function outcome(given: KafkaSays['given']): object {
  try {
    const layers = staticLayers(given)
    const problem = brokerConfigProblem(layers)
    if (problem !== undefined) return { error: problem.message }
    const listeners = listenersOf(layers)
    return {
      listeners: text(listeners.all),
      controllerListeners: text(listeners.controller),
      advertised: text(listeners.advertised),
      advertisedController: text(listeners.advertisedController),
      interBroker: listeners.interBrokerListenerName,
      logDirs: `[${logDirsOf(brokerConfigOf(layers)).join(', ')}]`,
    }
  } catch (error) {
    if (error instanceof ConfigError) return { error: error.message }
    throw error
  }
}

function text(listeners: readonly Listener[]): string {
  return listeners.map((l) => `${l.name}|${l.securityProtocol}|${l.host}|${l.port}`).join(' ')
}

function difference(given: KafkaSays['given']): string {
  const changed = given.filter(([name, value]) => base.get(name) !== value).map((pair) => pair.join('='))
  const missing = [...base.keys()].filter((name) => !given.some((pair) => pair[0] === name))
  return [...changed, ...missing.map((name) => `without ${name}`)].join(' ') || 'a plain combined node'
}
