import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ToolRunner } from './tool-runner.ts'

/** What `kafka-dump-log` has to say about a data directory. */
export interface DumpReport {
  /** How many files were read. */
  readonly files: number
  /** Every line that complains, and every failed run. */
  readonly complaints: readonly string[]
  /** The payloads of the metadata log and its snapshots: record types with how often they occur. */
  readonly metadataRecords: Readonly<Record<string, number>>
  /** The key types that the offsets decoder found in `__consumer_offsets`, sorted: 1 is an offset, 2 a classic group, 3 to 8 the parts of a group of KIP-848. */
  readonly groupKeyTypes: readonly string[]
}

const dumped = /\.(log|index|timeindex|txnindex|snapshot|checkpoint)$/
const complaint =
  /isvalid: false|Mismatch|not found|out of order|Exception|Could not|couldn't|Unknown|Found timestamp mismatch|Index sanity/i

const decoders: Readonly<Record<string, string>> = {
  '__cluster_metadata-0': '--cluster-metadata-decoder',
  __consumer_offsets: '--offsets-decoder',
  __transaction_state: '--transaction-log-decoder',
}

/** Reads every file of a stopped broker's data directory with Kafka's own `kafka-dump-log --deep-iteration`. */
export async function dumpDataDirectory(tools: ToolRunner, dataDir: string): Promise<DumpReport> {
  const complaints: string[] = []
  const metadataRecords: Record<string, number> = {}
  const groupKeyTypes = new Set<string>()
  let files = 0
  for (const entry of await readdir(dataDir, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.endsWith('-delete')) continue
    const names = (await readdir(join(dataDir, entry.name))).filter(
      (name) => dumped.test(name) && name !== 'leader-epoch-checkpoint',
    )
    if (names.length === 0) continue
    files += names.length
    const paths = names.sort().map((name) => join(dataDir, entry.name, name))
    const decoder = decoders[entry.name] ?? decoders[entry.name.replace(/-\d+$/, '')]
    const args = ['--deep-iteration', '--files', paths.join(','), ...(decoder === undefined ? [] : [decoder])]
    const { code, stdout, stderr } = await tools.run('kafka-dump-log', args)
    if (code !== 0) complaints.push(`${entry.name}: exit code ${code}`)
    for (const line of `${stdout}${stderr}`.split('\n')) {
      if (complaint.test(line) && !line.startsWith('|')) complaints.push(`${entry.name}: ${line}`)
      const type = /"type":"(\w+)"/.exec(line)?.[1]
      if (type !== undefined && decoder === decoders['__consumer_offsets']) groupKeyTypes.add(type)
      else if (type !== undefined) metadataRecords[type] = (metadataRecords[type] ?? 0) + 1
    }
  }
  return { files, complaints, metadataRecords, groupKeyTypes: [...groupKeyTypes].sort() }
}
