import type { ConsumerGroupDescription, ConsumerGroupMember, TopicPartition } from '@odradek/admin'

/** The members of a group as a table. Kafka: `printMembers`. */
export function membersText(group: ConsumerGroupDescription, isVerbose: boolean): string {
  const { groupId, members } = group
  const width = (least: number, cell: (member: ConsumerGroupMember) => string) =>
    Math.max(least, ...members.map((member) => cell(member).length))
  const hasInstances = members.some(({ groupInstanceId }) => (groupInstanceId ?? '') !== '')
  const isMixed =
    members.some(({ isUpgraded }) => isUpgraded === true) && members.some(({ isUpgraded }) => isUpgraded === false)
  const widths = {
    group: Math.max(15, groupId.length),
    consumer: width(15, ({ memberId }) => memberId),
    instance: width(17, ({ groupInstanceId }) => groupInstanceId ?? ''),
    host: width(15, ({ clientHost }) => clientHost),
    client: width(15, ({ clientId }) => clientId),
    current: width(20, ({ assignment }) => assignmentText(assignment)),
    target: width(20, ({ targetAssignment }) => assignmentText(targetAssignment)),
  }
  const line = (cells: MemberCells) => {
    const shown = [
      cells.group.padEnd(widths.group),
      cells.consumer.padEnd(widths.consumer),
      ...(hasInstances ? [cells.instance.padEnd(widths.instance)] : []),
      cells.host.padEnd(widths.host),
      cells.client.padEnd(widths.client),
      cells.partitions.padEnd(16),
    ].join(' ')
    if (!isVerbose) return `${shown}\n`
    const more = [
      cells.currentEpoch.padEnd(15),
      cells.current.padEnd(widths.current),
      cells.targetEpoch.padEnd(15),
      cells.target.padEnd(widths.target),
      ...(isMixed ? [cells.upgraded] : []),
    ].join(' ')
    return `${shown}${more}\n`
  }
  const rows = members.map((member) => line(cellsOf(group, member)))
  return `\n${line(titles)}${rows.join('')}`
}

function cellsOf(group: ConsumerGroupDescription, member: ConsumerGroupMember): MemberCells {
  return {
    group: group.groupId,
    consumer: member.memberId,
    instance: member.groupInstanceId ?? '',
    host: member.clientHost,
    client: member.clientId,
    partitions: String(member.assignment.length),
    currentEpoch: member.memberEpoch === null ? '-' : String(member.memberEpoch),
    current: assignmentText(member.assignment),
    targetEpoch: group.targetAssignmentEpoch === null ? '-' : String(group.targetAssignmentEpoch),
    target: assignmentText(member.targetAssignment),
    upgraded: member.isUpgraded === null ? '-' : String(member.isUpgraded),
  }
}

const titles = {
  group: 'GROUP',
  consumer: 'CONSUMER-ID',
  instance: 'GROUP-INSTANCE-ID',
  host: 'HOST',
  client: 'CLIENT-ID',
  partitions: '#PARTITIONS',
  currentEpoch: 'CURRENT-EPOCH',
  current: 'CURRENT-ASSIGNMENT',
  targetEpoch: 'TARGET-EPOCH',
  target: 'TARGET-ASSIGNMENT',
  upgraded: 'UPGRADED',
}

type MemberCells = Readonly<typeof titles>

/** `orders:0,1;payments:2`, or a dash. */
function assignmentText(assignment: readonly TopicPartition[] | null): string {
  const byTopic = new Map<string, number[]>()
  for (const { topic, partition } of assignment ?? []) {
    const partitions = byTopic.get(topic)
    if (partitions === undefined) byTopic.set(topic, [partition])
    else partitions.push(partition)
  }
  if (byTopic.size === 0) return '-'
  return [...byTopic]
    .map(([topic, partitions]) => `${topic}:${partitions.sort((one, other) => one - other).join(',')}`)
    .sort()
    .join(';')
}
