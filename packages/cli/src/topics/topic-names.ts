import type { Admin } from '@odradek/admin'

/** Which topics a command is about. */
export interface TopicFilter {
  /** A regular expression that the whole name has to match; commas stand for alternatives. All topics when left out. */
  readonly include: string | undefined
  readonly excludeInternal: boolean
}

/** The names of the topics that match, sorted. Kafka: `TopicFilter.IncludeList`. */
export async function topicNames(admin: Admin, { include, excludeInternal }: TopicFilter): Promise<readonly string[]> {
  const topics = await admin.listTopics({ listInternal: !excludeInternal })
  const names = topics.map(({ topic }) => topic)
  if (include === undefined) return names
  const pattern = includePattern(include)
  return names.filter((name) => pattern.test(name))
}

/** The expression behind an option that takes topics, as Kafka reads it: quotes and blanks go, commas become alternatives. */
export function includePattern(include: string): RegExp {
  const source = include
    .trim()
    .replaceAll(',', '|')
    .replaceAll(' ', '')
    .replaceAll(/^["']+|["']+$/g, '')
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    throw new Error(`${source} is an invalid regex.`)
  }
}

/** @throws Error in Kafka's words when a topic was asked for by name and there is none */
export function checkFound(names: readonly string[], topic: string | undefined, isRequired: boolean): void {
  if (topic !== undefined && topic !== '' && isRequired && names.length === 0) {
    throw new Error(`Topic '${topic}' does not exist as expected`)
  }
}
