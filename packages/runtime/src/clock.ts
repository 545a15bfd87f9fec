/**
 * Time as a core sees it. Timers carry a key: setting a timer under a key that is pending replaces it, so a state machine can say
 * "the session of this member ends then" again and again without keeping handles.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch; may jump when the host's clock is set. */
  now(): number
  /** Milliseconds since an arbitrary start, with fractions; never goes back. For durations and deadlines. */
  monotonicMs(): number
  /** Calls `callback` once after `delayMs` milliseconds (0 means on a later turn). Replaces a pending timer of the same key. */
  setTimer(key: string, delayMs: number, callback: () => void): void
  /** Forgets the timer of that key; does nothing when there is none. */
  cancelTimer(key: string): void
  /**
   * Calls `callback` once, after everything that arrived in the present turn of the event loop was handled and before the loop
   * waits again (`setImmediate` in Node). Here the work of one turn is gathered, such as the appends to one partition.
   */
  afterTurn(callback: () => void): void
}
