/** Ends a command at once, with what it still has to say. */
export class CommandExit extends Error {
  override readonly name = 'CommandExit'
  readonly exitCode: number
  /** Goes to standard error as it is; empty when everything has been said. */
  readonly standardError: string

  /** Goes to standard output as it is. */
  readonly standardOutput: string

  constructor(exitCode: number, standardError = '', standardOutput = '') {
    super(standardError)
    this.exitCode = exitCode
    this.standardError = standardError
    this.standardOutput = standardOutput
  }
}
