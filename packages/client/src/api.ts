import type { MessageType } from '@odradek/protocol'

/** One of Kafka's APIs, as a client calls it: what is asked and what is answered. */
export interface Api<Request extends object, Response extends object> {
  readonly request: MessageType<Request>
  readonly response: MessageType<Response>
}

/** Kafka's name of an API: `Metadata`. */
export function apiName(api: { readonly request: { readonly name: string } }): string {
  return api.request.name.replace(/Request$/, '')
}
