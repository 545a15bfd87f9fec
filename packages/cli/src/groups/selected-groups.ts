import type { Admin, CallOptions } from '@odradek/admin'
import type { ParsedOptions } from '../options/option-parser.ts'
import { listedGroups } from './listed-groups.ts'

/** How long a call may last, as `--timeout` says. */
export function callOptions(options: ParsedOptions): CallOptions {
  return { timeoutMs: Number(options.required('timeout')) }
}

/** The groups of `--group`, or all of consumers with `--all-groups`. */
export async function selectedGroups(admin: Admin, options: ParsedOptions): Promise<readonly string[]> {
  if (!options.has('all-groups')) return options.values('group')
  const groups = await listedGroups(() => admin.listConsumerGroups(callOptions(options)))
  return groups.map(({ groupId }) => groupId)
}
