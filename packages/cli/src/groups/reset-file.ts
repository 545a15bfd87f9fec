import type { NewOffsets } from './reset-plan.ts'

/**
 * The plan in a file of `--from-file` by group: lines of topic, partition and offset for the one group of the command line, or of group,
 * topic, partition and offset.
 */
export function parseResetFile(text: string, groups: readonly string[]): ReadonlyMap<string, NewOffsets> {
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()))
  const plans = new Map<string, NewOffsets[number][]>()
  const isWithoutGroup = groups.length === 1 && rows[0]?.length === 3
  for (const row of rows) {
    const [group, topic, partition, offset] = isWithoutGroup ? [groups[0], ...row] : row
    if (group === undefined || topic === undefined || offset === undefined || partition === undefined) {
      throw new Error(`the line "${row.join(',')}" is not a reset: it takes a topic, a partition and an offset`)
    }
    const plan = plans.get(group) ?? []
    plans.set(group, plan)
    plan.push({ topic, partition: Number(partition), offset: Number(offset) })
  }
  return plans
}
