/**
 * Bytes that are not what the protocol says, or a value that cannot be written in the version asked for.
 * `path` is the field (`topics[3].partitions[0].records`), `position` the byte in the frame or batch where reading stopped
 * (-1 when writing).
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  /** What is wrong, without path and position. */
  readonly reason: string
  readonly path: string
  readonly position: number

  constructor(reason: string, path = '', position = -1) {
    super(`${path === '' ? '' : `${path}: `}${reason}${position < 0 ? '' : ` (at byte ${position})`}`)
    this.reason = reason
    this.path = path
    this.position = position
  }
}
