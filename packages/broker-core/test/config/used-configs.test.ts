import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { brokerConfigs, type ConfigTable, camelCaseOf, groupConfigs, topicConfigs } from '../../src/config.ts'

/** Files that know configs without acting on them: tables, checks, the reference. */
const knowledge =
  /config\/(broker\/|broker-config-rules|client-metrics-config|config-reference|dynamic-broker-config|group-config|topic-config|validators)/

/** Read in a way this test cannot see. */
const readElsewhere = new Set([
  // The place of `ssl.keystore` and `ssl.truststore` in the name is filled in.
  'ssl.keystore.location',
  'ssl.keystore.type',
  'ssl.truststore.location',
  'ssl.truststore.type',
  // Decides whether voters stand in the config or in the log.
  'controller.quorum.bootstrap.servers',
  // Parsed where it is checked.
  'max.connections.per.ip.overrides',
  // Fills in node.id.
  'broker.id',
  // Limits of what a group may set for itself, looked up by the name of what it sets.
  ...['assignment.interval', 'heartbeat.interval', 'session.timeout'].flatMap((time) => [
    `group.consumer.min.${time}.ms`,
    `group.consumer.max.${time}.ms`,
  ]),
])

const packages = fileURLToPath(new URL('../../../', import.meta.url))

/** Tells whether the code of some packages reads a config. */
function readerOf(names: string): (name: string) => boolean {
  const sources = globSync(`${names}/src/**/*.ts`, { cwd: packages })
    .filter((path) => !knowledge.test(path))
    .map((path) => readFileSync(`${packages}${path}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
    .join('\n')
  const words = new Set(sources.match(/\b[a-z]\w+\b/g))
  const reads = (name: string) =>
    words.has(camelCaseOf(name)) || sources.includes(`'${name}'`) || readElsewhere.has(name)
  const behindOthers = new Set(
    Object.entries<ConfigTable[string]>({ ...topicConfigs, ...groupConfigs })
      .filter(([name]) => reads(name))
      .flatMap(([, row]) => row.synonyms.map((synonym) => synonym.name)),
  )
  return (name) => reads(name) || behindOthers.has(name)
}

const read = readerOf('{broker-core,coordinator,server}')
const readByBroker = readerOf('{broker-core,server}')

describe('a config that is marked as used is read, and one that the broker reads is marked as used', () => {
  test.each([
    ['broker', brokerConfigs],
    ['topic', topicConfigs],
    ['group', groupConfigs],
  ] as const)('%s configs', (_, table: ConfigTable) => {
    const names = Object.keys(table)
    expect({
      markedAndNotRead: names.filter((name) => table[name]?.used && !read(name)),
      readAndNotMarked: names.filter((name) => !table[name]?.used && readByBroker(name)),
    }).toEqual({ markedAndNotRead: [], readAndNotMarked: [] })
  })
})
