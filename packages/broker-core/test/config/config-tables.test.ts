import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  brokerConfigs,
  type ConfigTable,
  camelCaseOf,
  clientMetricsConfigs,
  configText,
  groupConfigs,
  topicConfigs,
} from '../../src/config.ts'

const tables: Readonly<Record<string, ConfigTable>> = {
  broker: brokerConfigs,
  topic: topicConfigs,
  group: groupConfigs,
  'client-metrics': clientMetricsConfigs,
}

const definitions = readFileSync(new URL('fixtures/definitions.tsv', import.meta.url), 'utf8')
  .split('\n')
  .slice(1, -1)
  .map((line) => line.split('\t'))

describe('the config tables say what Apache Kafka 4.4 says', () => {
  for (const [kind, table] of Object.entries(tables)) {
    test(`of every ${kind} config: type, default, valid values, importance, update mode`, () => {
      const ours = Object.entries(table).map(([name, row]) => [
        kind,
        name,
        row.type,
        row.default === undefined ? '(required)' : (configText(row, row.default) ?? '(null)'),
        row.valid?.expected ?? '',
        row.importance,
        kind === 'broker' ? row.update : '',
        row.internal ? 'internal' : '',
      ])
      const theirs = definitions.filter((row) => row[0] === kind)
      expect(ours.sort(byName)).toEqual(theirs.sort(byName))
    })

    test(`and each ${kind} config has a doc of one line and a default that its own check accepts`, () => {
      for (const [name, row] of Object.entries(table)) {
        expect(row.doc, name).toMatch(/^[^\n]{8,110}\.$/)
        if (row.default === undefined) continue
        const text = configText(row, row.default) ?? 'null'
        expect(row.valid?.problem({ name, value: row.default, text })).toBeUndefined()
      }
    })

    test(`and no two ${kind} configs share an option's name`, () => {
      const options = Object.keys(table).map(camelCaseOf)
      expect(new Set(options).size).toBe(options.length)
    })
  }
})

test('every broker config that stands in for a topic or group config exists', () => {
  const synonyms = [...Object.values<ConfigTable>({ topicConfigs, groupConfigs })].flatMap((table) =>
    Object.values(table).flatMap((row) => row.synonyms.map((synonym) => synonym.name)),
  )
  expect(synonyms.filter((name) => !(name in brokerConfigs))).toEqual([])
})

function byName(a: readonly string[], b: readonly string[]): number {
  return a[1]! < b[1]! ? -1 : 1
}
