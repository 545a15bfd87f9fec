/** Where a ConfigError arose and how it is answered. */
export interface ConfigErrorPlace {
  readonly configName?: string
  readonly value?: string
  readonly error?: 'INVALID_CONFIG' | 'INVALID_REQUEST'
}

/**
 * A config that Kafka would refuse. The message is Kafka's own, so that it can be sent to a client as the text of
 * INVALID_CONFIG or INVALID_REQUEST.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** Dotted name of the config at fault, when there is one. */
  readonly configName: string | undefined
  /** Its value as it was given. */
  readonly value: string | undefined

  /** The protocol error it is answered with. */
  readonly error: 'INVALID_CONFIG' | 'INVALID_REQUEST'

  constructor(message: string, at: ConfigErrorPlace = {}) {
    super(message)
    this.configName = at.configName
    this.value = at.value
    this.error = at.error ?? 'INVALID_CONFIG'
  }
}

/** Kafka's sentence for a value that does not fit: `Invalid value x for configuration y: reason`. */
export function invalidValue(name: string, value: string, reason?: string): string {
  return `Invalid value ${value} for configuration ${name}${reason === undefined ? '' : `: ${reason}`}`
}

/** Runs a check that throws ConfigError and hands the error back. */
export function configErrorIn(check: () => unknown): ConfigError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}
