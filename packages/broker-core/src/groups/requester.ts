import type { ReplyId, Requester } from '@odradek/coordinator'
import type { RequestContext } from '../connection/request-context.ts'

/** The client of a request as a coordinator knows it; the address as Java prints it. */
export function requesterOf({ apiVersion, clientId, connection }: RequestContext, reply: ReplyId): Requester {
  return { apiVersion, clientId: clientId ?? '', clientHost: `/${connection.remote.host}`, reply }
}
