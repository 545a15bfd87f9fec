import type { Command } from '../command/command.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { checkRequired, helpOrVersion, readOptions, type Usage, usageError } from '../command/usage.ts'
import { deleteRecordsOptions } from './delete-records-options.ts'
import { parseRecordsToDelete } from './records-to-delete.ts'

const usage: Usage = {
  description: 'This tool helps to delete records of the given partitions down to the specified offset.',
  options: deleteRecordsOptions,
  examples: ['kafka-delete-records --bootstrap-server localhost:9092 --offset-json-file offsets.json'],
}

/** `kafka-delete-records`: deletes the oldest records of partitions. */
export const deleteRecordsCommand: Command = {
  name: 'kafka-delete-records',
  summary: 'Delete the oldest records of partitions',
  examples: usage.examples,
  async run(args, io) {
    const options = readOptions(usage, args)
    if (args.length === 0) throw usageError(usage, usage.description)
    helpOrVersion(usage, options)
    checkRequired(usage, options, ['bootstrap-server', 'offset-json-file'])
    await using admin = await connectAdmin(options, io)
    const records = parseRecordsToDelete(await io.readFile(options.required('offset-json-file')))
    await io.out('Executing records delete operation\n')
    const deleted = await admin.deleteRecords(records)
    await io.out('Records delete operation completed:\n')
    for (const [partition, { value, error }] of deleted) {
      const outcome = error === undefined ? `low_watermark: ${value.lowWatermark}` : `error: ${executionMessage(error)}`
      await io.out(`partition: ${partition}\t${outcome}\n`)
    }
    return 0
  },
}
