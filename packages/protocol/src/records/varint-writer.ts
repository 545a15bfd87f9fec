/** How many bytes the varint of a zigzag-encoded unsigned 32-bit value takes. */
export function varintLength(zigzag: number): number {
  return ((38 - Math.clz32(zigzag | 1)) / 7) | 0
}

/** Writes a zigzag-encoded unsigned 32-bit value as a varint and answers the position behind it. */
export function putVarint(bytes: Uint8Array, position: number, zigzag: number): number {
  let rest = zigzag
  let at = position
  while (rest >>> 0 >= 0x80) {
    bytes[at++] = rest | 0x80
    rest >>>= 7
  }
  bytes[at] = rest
  return at + 1
}

/** How many bytes the zigzag varlong of a safe integer takes. */
export function varlongLength(value: number): number {
  if (value === value >> 0) return varintLength((value << 1) ^ (value >> 31))
  let rest = Math.floor((value < 0 ? -value - 1 : value) / 64)
  let length = 1
  for (; rest > 0; length++) rest = Math.floor(rest / 128)
  return length
}

/** Writes a safe integer as a zigzag varlong and answers the position behind it. */
export function putVarlong(bytes: Uint8Array, position: number, value: number): number {
  if (value === value >> 0) return putVarint(bytes, position, (value << 1) ^ (value >> 31))
  const magnitude = value < 0 ? -value - 1 : value
  let byte = (magnitude % 64) * 2 + (value < 0 ? 1 : 0)
  let at = position
  for (let rest = Math.floor(magnitude / 64); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[at++] = byte | 0x80
    byte = rest % 128
  }
  bytes[at] = byte
  return at + 1
}
