import type { Admin } from '@odradek/admin'
import type { CommandIo } from '../command/command-io.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import type { ParsedOptions } from '../options/option-parser.ts'
import { printError } from './group-command-error.ts'
import { callOptions, selectedGroups } from './selected-groups.ts'

/** `--delete` */
export async function deleteGroups(admin: Admin, options: ParsedOptions, io: CommandIo): Promise<void> {
  const results = await admin.deleteConsumerGroups(await selectedGroups(admin, options), callOptions(options))
  const quoted = [...results].filter(([, { error }]) => error === undefined).map(([group]) => `'${group}'`)
  const failed = [...results].filter(([, { error }]) => error !== undefined)
  if (failed.length === 0) {
    await io.out(`Deletion of requested consumer groups (${quoted.join(', ')}) was successful.\n`)
    return
  }
  await printError(io, 'Deletion of some consumer groups failed:')
  for (const [group, { error }] of failed) {
    await io.out(`* Group '${group}' could not be deleted due to: ${executionMessage(error)}\n`)
  }
  if (quoted.length > 0) await io.out(`\nThese consumer groups were deleted successfully: ${quoted.join(', ')}\n`)
}
