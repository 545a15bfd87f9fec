/// <reference lib="es2024.arraybuffer" />
/**
 * Memory that lives only while a batch is compressed. The garbage collector of young objects sees the small handle of a buffer and not its
 * memory, and lets some 64 MiB of it gather; so it is given back by hand.
 */

/** A length of at least `length` for which Node takes memory of its own, not a part of what many buffers share. */
export function freeableLength(length: number): number {
  return Math.max(length, Buffer.poolSize + 1)
}

/** Gives memory back that nobody reads any more; memory that may be shared is left to the garbage collector. */
export function freeBytes({ buffer }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0)
}
