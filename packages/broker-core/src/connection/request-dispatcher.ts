import {
  apiByKey,
  apiKeys,
  encodeResponseFrame,
  errors,
  type Input,
  ProtocolError,
  Reader,
  readRequestHeader,
} from '@odradek/protocol'
import { type ApiVersionsResponse, apiVersionsResponse } from '@odradek/protocol/messages'
import type { Broker } from '../broker.ts'
import type { Handler } from '../handler.ts'
import { advertised } from '../handlers/18-api-versions.ts'
import { servedHandlers } from '../handlers.ts'
import { ClosesConnection } from './closes-connection.ts'
import type { ConnectionContext } from './connection-context.ts'
import type { RequestContext, ServedApi } from './request-context.ts'
import { responseErrorCodes } from './response-errors.ts'

type Chunks = readonly Uint8Array[]

/**
 * From the bytes of a request to the bytes of its response. What cannot be answered, since nobody can tell how, throws a
 * ProtocolError, and the connection is closed: an API the broker does not have, a version it does not have, bytes that are not
 * the message they claim to be. ApiVersions alone is answered in any version, with the versions the client may use (KIP-35).
 */
export class RequestDispatcher {
  readonly #broker: Broker
  readonly #onBrokerListeners: Served
  readonly #onControllerListeners: Served
  readonly #controllerListenerNames: readonly string[]

  /** `controllerListenerNames` are those on which the controller's APIs are served instead of the broker's. */
  constructor(broker: Broker, controllerListenerNames: readonly string[] = []) {
    this.#broker = broker
    this.#onBrokerListeners = servedOn('broker')
    this.#onControllerListeners = servedOn('controller')
    this.#controllerListenerNames = controllerListenerNames
  }

  /** Answers one frame; null when the client expects no answer. */
  answer(frame: Uint8Array, connection: ConnectionContext): Chunks | null | Promise<Chunks | null> {
    const reader = new Reader(frame)
    const header = readRequestHeader(reader)
    const { requestApiKey, requestApiVersion, correlationId } = header
    const served = this.#servedTo(connection)
    const handler = served.handlers.get(requestApiKey)
    if (handler === undefined) throw new ProtocolError(`API key ${requestApiKey} is not served here`)
    const { minVersion, maxVersion } = versionsOf(handler)
    if (requestApiVersion < minVersion || requestApiVersion > maxVersion) {
      if (requestApiKey === apiKeys.ApiVersions.key) return unsupportedApiVersions(correlationId, served.apis)
      throw new ProtocolError(
        `${handler.request.name} is served in versions ${minVersion} to ${maxVersion}, the client sent ${requestApiVersion}`,
      )
    }
    const request = handler.request.read(reader, requestApiVersion)
    const context = {
      apiVersion: requestApiVersion,
      clientId: header.clientId,
      connection,
      broker: this.#broker,
      servedApis: served.apis,
    }
    return this.#handle(handler, request, { context, correlationId })
  }

  #servedTo({ listenerName }: ConnectionContext): Served {
    const isController = this.#controllerListenerNames.includes(listenerName)
    return isController ? this.#onControllerListeners : this.#onBrokerListeners
  }

  #handle(
    handler: Handler,
    request: object,
    { context, correlationId }: { readonly context: RequestContext; readonly correlationId: number },
  ): Chunks | null | Promise<Chunks | null> {
    const startMs = this.#broker.clock.monotonicMs()
    const encode = (response: Input<object> | null): Chunks | null => {
      this.#told(handler, response, { context, startMs })
      if (response === null) return null
      try {
        return encodeResponseFrame(handler.response, response, { version: context.apiVersion, correlationId })
      } catch (error) {
        this.#broker.logger.error('a response could not be written', { api: handler.response.name, error })
        throw error
      }
    }
    try {
      const answer = handler.handle(request, context)
      if (!(answer instanceof Promise)) return encode(answer)
      return answer.then(encode, (error: unknown) => encode(this.#failure(handler, request, error)))
    } catch (error) {
      return encode(this.#failure(handler, request, error))
    }
  }

  /** A handler threw, which is a bug: the client gets UNKNOWN_SERVER_ERROR, the log the reason. */
  #failure(handler: Handler, request: object, error: unknown): Input<object> {
    if (error instanceof ClosesConnection) throw error
    this.#broker.logger.error('a request handler failed', { api: handler.request.name, error })
    if (handler.failure !== undefined) return handler.failure(request, errors.UNKNOWN_SERVER_ERROR.code)
    return { errorCode: errors.UNKNOWN_SERVER_ERROR.code } as Input<object>
  }

  #told(
    handler: Handler,
    response: Input<object> | null,
    { context, startMs }: { readonly context: RequestContext; readonly startMs: number },
  ): void {
    const { hooks, clock } = this.#broker
    if (!hooks.has('requestHandled')) return
    hooks.emit('requestHandled', {
      apiKey: handler.request.apiKey,
      apiVersion: context.apiVersion,
      clientId: context.clientId,
      connectionId: context.connection.id,
      durationMs: clock.monotonicMs() - startMs,
      errorCodes: responseErrorCodes(response),
    })
  }
}

/** What is served on one kind of listener. */
interface Served {
  readonly handlers: ReadonlyMap<number, Handler>
  readonly apis: readonly ServedApi[]
}

function servedOn(kind: 'broker' | 'controller'): Served {
  const handlers = servedHandlers().filter(({ request }) => {
    const listeners: readonly string[] = apiByKey(request.apiKey)?.listeners ?? []
    return listeners.includes(kind)
  })
  return {
    handlers: new Map(handlers.map((handler) => [handler.request.apiKey, handler])),
    apis: handlers.map((handler) => ({ apiKey: handler.request.apiKey, ...versionsOf(handler) })),
  }
}

function versionsOf({ request, minVersion, maxVersion }: Handler): Omit<ServedApi, 'apiKey'> {
  return { minVersion: minVersion ?? request.minVersion, maxVersion: maxVersion ?? request.maxVersion }
}

/** Error 35 in a version 0 body, which every client can read, with the versions of ApiVersions itself among the keys. */
function unsupportedApiVersions(correlationId: number, served: readonly ServedApi[]): Chunks {
  const response: Input<ApiVersionsResponse> = {
    errorCode: errors.UNSUPPORTED_VERSION.code,
    apiKeys: advertised(served),
  }
  return encodeResponseFrame(apiVersionsResponse, response, { version: 0, correlationId })
}
