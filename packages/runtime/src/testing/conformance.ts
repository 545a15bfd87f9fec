/** Registers one test: `test` of vitest, of node:test, or anything of that shape. */
export type RegisterTest = (title: string, body: () => Promise<void>) => void

/** How an implementation hands itself to a conformance suite. */
export interface ConformanceTarget<Subject> {
  /** Makes a fresh subject for one test. */
  open(): Subject | Promise<Subject>
  /** Frees what `open` took. */
  close?(subject: Subject): void | Promise<void>
  /** Drives a test's body to its end; a simulation runs its world here. Default: just waits for it. */
  run?(body: () => Promise<void>): Promise<void>
}

/** A suite that registers its tests for an implementation. */
export type Conformance<Subject> = (test: RegisterTest, target: ConformanceTarget<Subject>) => void

/** A suite from titles and bodies. */
export function conformance<Subject>(
  cases: readonly (readonly [title: string, body: (subject: Subject) => Promise<void>])[],
): Conformance<Subject> {
  return (test, target) => {
    for (const [title, body] of cases) {
      test(title, async () => {
        const subject = await target.open()
        try {
          if (target.run === undefined) await body(subject)
          else await target.run(() => body(subject))
        } finally {
          await target.close?.(subject)
        }
      })
    }
  }
}
