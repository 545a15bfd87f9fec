import { StorageError, type StorageErrorCode } from '../storage.ts'

/** What a call on a simulated disk does, as faults and observers see it. */
export type DiskOperation =
  | 'open'
  | 'append'
  | 'write'
  | 'read'
  | 'truncate'
  | 'sync'
  | 'close'
  | 'list'
  | 'mkdir'
  | 'rename'
  | 'remove'
  | 'sync-directory'
  | 'lock'

/** One call on a simulated disk. `writeFile` counts as the open, append, sync and rename it consists of. */
export interface DiskCall {
  readonly operation: DiskOperation
  readonly path: string
  /** Counts from 1 over the life of the disk. */
  readonly number: number
}

/** Which calls fail, and how. */
export interface DiskFault {
  /** The calls it is about; default all but `close`. */
  readonly matches?: (call: DiskCall) => boolean
  /** So many matching calls pass before one fails. Default 0. */
  readonly skip?: number
  /** So many matching calls then fail. Default 1; `Infinity` for ever. */
  readonly times?: number
  /** Default `io`. */
  readonly code?: StorageErrorCode
  /** A failing append leaves a random part of its bytes in the file, as a disk does that refuses the truncation too. Default false. */
  readonly leavesBytes?: boolean
}

/** The faults that are set on a disk. */
export class DiskFaults {
  readonly #active: { readonly fault: DiskFault; skip: number; times: number }[] = []

  /** Sets a fault; returns the function that takes it away. */
  add(fault: DiskFault): () => void {
    const entry = { fault, skip: fault.skip ?? 0, times: fault.times ?? 1 }
    this.#active.push(entry)
    return () => {
      entry.times = 0
    }
  }

  /** The failure of this call, or undefined. Counts the call for every fault it matches. */
  failureOf(call: DiskCall): { readonly error: StorageError; readonly leavesBytes: boolean } | undefined {
    for (const entry of this.#active) {
      const { fault } = entry
      if (entry.times <= 0 || !(fault.matches ?? isNoClose)(call)) continue
      if (entry.skip > 0) {
        entry.skip--
        continue
      }
      entry.times--
      const error = new StorageError(fault.code ?? 'io', call, new Error('injected fault'))
      return { error, leavesBytes: fault.leavesBytes ?? false }
    }
    return undefined
  }
}

function isNoClose({ operation }: DiskCall): boolean {
  return operation !== 'close'
}
