const maxNameLength = 249
const legalCharacters = /^[a-zA-Z0-9._-]+$/

/** Why a topic cannot have that name, in Kafka's words, or null when it can. */
export function topicNameProblem(name: string): string | null {
  const problem = detect(name)
  return problem === null ? null : `Topic name is invalid: ${problem}`
}

function detect(name: string): string | null {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > maxNameLength) {
    return `the length of '${name}' is longer than the max allowed length ${maxNameLength}`
  }
  if (!legalCharacters.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  }
  return null
}

/** Names that differ only in '.' and '_' collide in metric names, so Kafka allows one of them. */
export function unifiedTopicName(name: string): string {
  return name.replaceAll('.', '_')
}

/** Topics the brokers themselves write: `__consumer_offsets`, `__transaction_state`, `__share_group_state`. */
export function isInternalTopic(name: string): boolean {
  return name === '__consumer_offsets' || name === '__transaction_state' || name === '__share_group_state'
}
