import type { OffsetSpec } from '@odradek/admin'

const named = [
  'latest',
  'earliest',
  'max-timestamp',
  'earliest-local',
  'latest-tiered',
  'earliest-pending-upload',
] as const

/** Which offset `--time` asks for: a name, its number, or a timestamp in milliseconds. @throws Error in Kafka's words */
export function parseOffsetSpec(time: string): OffsetSpec {
  const name = named.find((known) => known === time)
  if (name !== undefined) return name
  if (!/^[+-]?\d+$/.test(time)) {
    throw new Error(
      `Malformed time argument ${time}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp`,
    )
  }
  const timestamp = Number(time)
  return named[-timestamp - 1] ?? { timestamp }
}
