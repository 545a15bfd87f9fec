import type { Input, MessageType } from '@odradek/protocol'
import type { RequestContext } from './connection/request-context.ts'

/**
 * One API of the broker. `handle` gets a decoded request and gives the response, at once or later; null means that the client
 * expects none (Produce with acks=0). Expected failures stand in the response; an exception is a bug and is answered with
 * UNKNOWN_SERVER_ERROR.
 */
export interface Handler<Request extends object = object, Response extends object = object> {
  readonly request: MessageType<Request>
  readonly response: MessageType<Response>
  /** Oldest and newest version served; by default what the message types cover. */
  readonly minVersion?: number
  readonly maxVersion?: number
  handle(request: Request, context: RequestContext): Answer<Response>
  /** The response when `handle` threw: every item of the request with that error. */
  failure?(request: Request, errorCode: number): Input<Response>
}

/** A response, now or later; null when the client expects none. */
export type Answer<Response> = Input<Response> | null | Promise<Input<Response> | null>

/** Gives a handler literal its types. */
export function defineHandler<Request extends object, Response extends object>(
  handler: Handler<Request, Response>,
): Handler<Request, Response> {
  return handler
}
