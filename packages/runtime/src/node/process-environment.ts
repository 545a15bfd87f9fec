/** The variables of the process. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env
}
