import {
  type UpdateFeaturesRequest,
  type UpdateFeaturesResponse,
  updateFeaturesRequest,
  updateFeaturesResponse,
} from '@odradek/protocol/messages'
import { updateFeatures as updateFeaturesOperation } from '@odradek/quorum'
import { defineHandler } from '../handler.ts'

/** UpdateFeatures, versions 0 to 2 (KIP-584; upgrade types since 1, KIP-778; all or nothing since 2, KIP-1022). */
export const updateFeatures = defineHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>({
  request: updateFeaturesRequest,
  response: updateFeaturesResponse,
  handle(request, { broker }) {
    return broker.controller.run((controller) => updateFeaturesOperation(request, controller))
  },
})
