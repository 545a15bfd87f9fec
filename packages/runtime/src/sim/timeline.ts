/** A handle on an event to come. */
export interface Scheduled {
  cancel(): void
}

/** The time of a simulated world, and the events in it; `SimWorld` is one. */
export interface Timeline {
  /** Wall-clock time at which the world began, milliseconds since the Unix epoch. */
  readonly startMs: number
  /** Virtual milliseconds since then. */
  readonly elapsedMs: number
  /** Lets `run` happen after `delayMs`. The label stands in the trace. */
  schedule(delayMs: number, label: string, run: () => void): Scheduled
  /** Adds a word to the trace. */
  note(word: string): void
}
