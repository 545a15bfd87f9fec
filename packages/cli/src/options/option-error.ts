/** A command line that cannot be taken, in Kafka's words. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
}
