/** Writes how far a long run has come, past the test runner's own output. */
export function printProgress(line: string): void {
  process.stderr.write(line)
}
