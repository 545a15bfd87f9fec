import { named } from '../core/item-call.ts'

/** Topics by their names, or by their ids as Kafka prints them. Kafka: `TopicCollection`. */
export type TopicSelection = Iterable<string> | { readonly topicIds: Iterable<string> }

/** Which of the two it is. */
export type SelectedTopics =
  | { readonly names: ReadonlyMap<string, string>; readonly topicIds?: undefined }
  | { readonly names?: undefined; readonly topicIds: ReadonlyMap<string, string> }

/** Tells names from ids. */
export function selectTopics(topics: TopicSelection): SelectedTopics {
  const itself = (text: string) => text
  return 'topicIds' in topics ? { topicIds: named(topics.topicIds, itself) } : { names: named(topics, itself) }
}
