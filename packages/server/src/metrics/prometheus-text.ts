import type { Labels, MetricFamily, MetricSample } from './metric-family.ts'

/** Content type of Prometheus' text format, version 0.0.4. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics as Prometheus' text; a family without samples is left out. */
export function prometheusText(families: Iterable<MetricFamily>): string {
  let text = ''
  for (const family of families) {
    if (family.samples.length === 0) continue
    text += `# HELP ${family.name} ${family.help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n`
    text += `# TYPE ${family.name} ${family.type}\n`
    for (const sample of family.samples) text += `${sampleText(family.name, sample)}\n`
  }
  return text
}

function sampleText(name: string, { suffix, labels = {}, value }: MetricSample): string {
  return `${name}${suffix ?? ''}${labelsText(labels)} ${numberText(value)}`
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
