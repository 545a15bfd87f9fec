import type { ClientMetric } from '@odradek/client'

/** A client's metrics as a table, sorted by group and name. Kafka: `ToolsUtils.printMetrics`. */
export function metricLines(metrics: Iterable<ClientMetric>): string {
  const rows = [...metrics].map(({ group, name, tags, value }) => {
    const shownTags = Object.entries(tags).map(([tag, of]) => `${tag}=${of}`)
    return { key: `${group}:${name}:{${shownTags.join(', ')}}`, value }
  })
  if (rows.length === 0) return ''
  rows.sort((one, other) => (one.key < other.key ? -1 : 1))
  const width = Math.max(...rows.map(({ key }) => key.length))
  const lines = rows.map(({ key, value }) => `${key.padEnd(width)} : ${value.toFixed(3)}`)
  return `${['', `${'Metric Name'.padEnd(width)}   Value`, ...lines].join('\n')}\n`
}
