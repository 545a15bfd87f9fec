import type { Random } from '@odradek/runtime'

/** A random UUID (version 4) as Java prints it: 32 hexadecimal digits in five groups. */
export function newMemberUuid(random: Random): string {
  const bytes = Buffer.from(random.nextBytes(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
