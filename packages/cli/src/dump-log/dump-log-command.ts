import { extname } from 'node:path'
import type { Command } from '../command/command.ts'
import { CommandExit } from '../command/command-exit.ts'
import { checkRequired, helpOrVersion, readOptions, type Usage, usageError } from '../command/usage.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { Dump } from './dump.ts'
import { dumpBatches } from './dump-batches.ts'
import { dumpOffsetIndex, dumpTimeIndex } from './dump-indexes.ts'
import { dumpLogOptions } from './dump-log-options.ts'
import { dumpProducerSnapshot, dumpTransactionIndex } from './dump-snapshots.ts'
import {
  clusterMetadataParser,
  offsetsParser,
  type RecordParser,
  remoteLogMetadataParser,
  shareGroupStateParser,
  textParser,
  transactionLogParser,
} from './record-parser.ts'

const usage: Usage = {
  description:
    'This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly corrupt log segment.',
  options: dumpLogOptions,
  examples: [
    'kafka-dump-log --print-data-log --files data/orders-0/00000000000000000000.log',
    'kafka-dump-log --offsets-decoder --files data/__consumer_offsets-0/00000000000000000000.log',
    'kafka-dump-log --cluster-metadata-decoder --files data/__cluster_metadata-0/00000000000000000000.log',
  ],
}

/** Options that choose a decoder, in the order in which Kafka looks for them. */
const decoders: readonly (readonly [option: string, parser: RecordParser])[] = [
  ['offsets-decoder', offsetsParser],
  ['transaction-log-decoder', transactionLogParser],
  ['cluster-metadata-decoder', clusterMetadataParser],
  ['remote-log-metadata-decoder', remoteLogMetadataParser],
  ['share-group-state-decoder', shareGroupStateParser],
]

const dumpers: Readonly<Record<string, (dump: Dump, path: string) => void>> = {
  '.log': dumpBatches,
  '.checkpoint': dumpBatches,
  '.index': dumpOffsetIndex,
  '.timeindex': dumpTimeIndex,
  '.snapshot': dumpProducerSnapshot,
  '.txnindex': dumpTransactionIndex,
}

/** `kafka-dump-log`: the files of a partition, as they are on disk. */
export const dumpLogCommand: Command = {
  name: 'kafka-dump-log',
  summary: 'Show what is in the files of a partition',
  examples: usage.examples,
  async run(args, io) {
    if (args.length === 0) throw usageError(usage, usage.description)
    const options = readOptions(usage, args)
    helpOrVersion(usage, options)
    checkRequired(usage, options, ['files'])
    const lines: string[] = []
    const dump = new Dump(dumpOptions(options), (line) => lines.push(line))
    const flush = async () => io.out(lines.splice(0).join(''))
    for (const path of options.required('files').split(',')) {
      try {
        dump.print(`Dumping ${path}`)
        const dumper = dumpers[extname(path)]
        if (dumper === undefined) dump.print(`Ignoring unknown file ${path}`)
        else dumper(dump, path)
      } catch (error) {
        await flush()
        throw new CommandExit(1, `${error instanceof Error ? error.message : String(error)}\n`)
      }
      await flush()
    }
    dump.printFindings()
    await flush()
    return 0
  },
}

function dumpOptions(options: ParsedOptions) {
  const decoder = decoders.find(([name]) => options.has(name))
  const hasDecoderClass = options.has('value-decoder-class') || options.has('key-decoder-class')
  const prints = options.has('print-data-log') || decoder !== undefined || hasDecoderClass
  return {
    isDeep: options.has('deep-iteration') || prints,
    parser: prints ? (decoder?.[1] ?? textParser) : undefined,
    printsMetadata: !options.has('skip-record-metadata'),
    verifyIndexOnly: options.has('verify-index-only'),
    indexSanityOnly: options.has('index-sanity-check'),
    maxBytes: Number(options.required('max-bytes')),
    maxMessageSize: Number(options.required('max-message-size')),
  }
}
