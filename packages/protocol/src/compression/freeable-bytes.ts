/// <reference lib="es2024.arraybuffer" />
/**
 * Memory that lives only while a batch is compressed. The garbage collector of young objects sees the small handle of a buffer and not its
 * memory, and lets some 64 MiB of it gather; so it is given back by hand.
 */

/** A length of at least `length` for which Node takes memory of its own, not a part of what many buffers share. */
export function freeableLength(length: number): number {
  return Math.max(length, Buffer.poolSize + 1)
}

/** Gives memory back that nobody reads any more, and that may be shared: then it is left to the garbage collector. */
export function freeBytes(bytes: ArrayBufferView): void {
  if (bytes.buffer.byteLength > Buffer.poolSize) freeOwnBytes(bytes)
}

/** Gives the memory of a typed array back that was made for nobody else. */
export function freeOwnBytes({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
