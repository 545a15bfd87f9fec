/** `npm run bench -w @odradek/protocol`: this codec beside kafkajs and @platformatic/kafka, in one run. */
import { crc32cOfBatch, encoding, iterating, murmur2OfKey } from './comparisons.ts'
import { type Comparison, compare, type Result } from './measure.ts'

function line(comparison: Comparison, result: Result): string {
  const figure = `${result.figure.toFixed(result.figure < 1 ? 4 : 2)} ${comparison.unit}`
  return `| ${result.name} | ${figure} | ${result.ratio.toFixed(2)} |`
}

process.stdout.write(`Node ${process.versions.node}, ${process.arch}; medians of interleaved rounds\n`)
for (const comparison of [encoding, iterating, murmur2OfKey, crc32cOfBatch]) {
  const results = await compare(comparison)
  const { figure } = results[0]!
  const reached = comparison.higherIsBetter ? figure >= comparison.target : figure <= comparison.target
  const bound = comparison.higherIsBetter ? 'at least' : 'at most'
  process.stdout.write(
    `\n${comparison.title}; target ${bound} ${comparison.target} ${comparison.unit}: ${reached ? 'reached' : 'missed'}\n\n` +
      `| | ${comparison.unit} | time against the first |\n| --- | ---: | ---: |\n` +
      `${results.map((result) => line(comparison, result)).join('\n')}\n`,
  )
}
