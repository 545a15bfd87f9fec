/** The exit code of a command that a signal has ended well: 128 and the number of the signal, as with Java. */
export function interruptedExitCode(signal: AbortSignal): number {
  return signal.reason === 'SIGTERM' ? 143 : 130
}
