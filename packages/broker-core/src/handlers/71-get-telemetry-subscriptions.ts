import {
  type GetTelemetrySubscriptionsRequest,
  type GetTelemetrySubscriptionsResponse,
  getTelemetrySubscriptionsRequest,
  getTelemetrySubscriptionsResponse,
} from '@odradek/protocol/messages'
import { defineHandler } from '../handler.ts'
import { telemetryCompressionTypes } from '../telemetry/client-telemetry.ts'
import { telemetryClientOf } from '../telemetry/telemetry-client.ts'

/** GetTelemetrySubscriptions, version 0 (KIP-714): which of its metrics a client is to push, and how often. */
export const getTelemetrySubscriptions = defineHandler<
  GetTelemetrySubscriptionsRequest,
  GetTelemetrySubscriptionsResponse
>({
  request: getTelemetrySubscriptionsRequest,
  response: getTelemetrySubscriptionsResponse,
  handle(request, context) {
    const { telemetry, configs } = context.broker
    const subscription = telemetry.subscribe(request.clientInstanceId, telemetryClientOf(context))
    if (typeof subscription === 'number') return { errorCode: subscription }
    return {
      ...subscription,
      acceptedCompressionTypes: telemetryCompressionTypes,
      telemetryMaxBytes: configs.broker.telemetryMaxBytes,
      deltaTemporality: true,
    }
  },
})
