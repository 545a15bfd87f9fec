/**
 * Every message by number or name. This loads all codecs; code that speaks a few APIs imports those from `./messages`.
 */
import { messageTypes, requestTypes, responseTypes } from './generated/lookup.ts'
import type { MessageType } from './message-type.ts'

export type { RequestByApiKey, ResponseByApiKey } from './generated/lookup.ts'
export { requestTypes, responseTypes }

/** The request of an API key, or undefined when no API has it. */
export function requestType(apiKey: number): MessageType<object> | undefined {
  return (requestTypes as Readonly<Record<number, MessageType<object>>>)[apiKey]
}

/** The response of an API key, or undefined when no API has it. */
export function responseType(apiKey: number): MessageType<object> | undefined {
  return (responseTypes as Readonly<Record<number, MessageType<object>>>)[apiKey]
}

/** A message by its name (`FetchRequest`, `TopicRecord`), or undefined when there is none. */
export function messageType(name: string): MessageType<object> | undefined {
  return Object.hasOwn(messageTypes, name) ? messageTypes[name] : undefined
}

/** All messages, in the order of their schema files. */
export function allMessageTypes(): readonly MessageType<object>[] {
  return Object.values(messageTypes)
}
