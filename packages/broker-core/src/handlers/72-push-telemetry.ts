import {
  type PushTelemetryRequest,
  type PushTelemetryResponse,
  pushTelemetryRequest,
  pushTelemetryResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'
import { telemetryClientOf } from '../telemetry/telemetry-client.ts'

/** PushTelemetry, version 0 (KIP-714): metrics of a client, handed on as they came by the event `clientTelemetry`. */
export const pushTelemetry = defineHandler<PushTelemetryRequest, PushTelemetryResponse>({
  request: pushTelemetryRequest,
  response: pushTelemetryResponse,
  handle(request, context) {
    const { telemetry, hooks } = context.broker
    const client = telemetryClientOf(context)
    const errorCode = telemetry.push(request, client)
    if (errorCode === 0 && request.metrics.length > 0) {
      const { clientInstanceId, terminating, compressionType, metrics } = request
      hooks.emit('clientTelemetry', {
        clientInstanceId,
        clientId: client.client_id,
        terminating,
        compressionType,
        metrics,
      })
    }
    return { errorCode }
  },
})
