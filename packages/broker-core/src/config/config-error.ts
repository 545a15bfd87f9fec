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

  constructor(message: string, at: { readonly configName?: string; readonly value?: string } = {}) {
    super(message)
    this.configName = at.configName
    this.value = at.value
  }
}

/** Kafka's sentence for a value that does not fit: `Invalid value x for configuration y: reason`. */
export function invalidValue(name: string, value: string, reason?: string): string {
  return `Invalid value ${value} for configuration ${name}${reason === undefined ? '' : `: ${reason}`}`
}
