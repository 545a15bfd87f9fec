import { errors, type Input } from '@odradek/protocol'
import type {
  UpdateFeaturesRequest,
  UpdateFeaturesRequestFeatureUpdateKey,
  UpdateFeaturesResponse,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { supportedFeatures } from '../metadata-version.ts'
import { type ControllerContext, type ControllerResult, noError } from './operation.ts'

/** `UpgradeType` of KIP-778; version 0 requests say `allowDowngrade` instead. */
const upgradeTypes = { UPGRADE: 1, SAFE_DOWNGRADE: 2, UNSAFE_DOWNGRADE: 3 } as const

/** UpdateFeatures (KIP-584, KIP-778, KIP-1022): all updates together, or none of them. */
export function updateFeatures(
  request: UpdateFeaturesRequest,
  context: ControllerContext,
): ControllerResult<Input<UpdateFeaturesResponse>> {
  const records: MetadataRecord[] = []
  for (const update of request.featureUpdates) {
    const { feature, maxVersionLevel } = update
    const problem = updateProblem(update, context)
    if (problem !== null) {
      const reason = `Invalid update version ${maxVersionLevel} for feature ${feature}. ${problem}`
      const errorMessage = `The update failed for all features since the following feature had an error: ${reason}`
      return { records: [], response: { errorCode: errors.INVALID_UPDATE_VERSION.code, errorMessage } }
    }
    if (context.image.features.level(feature) === maxVersionLevel) continue
    const record = { name: feature, featureLevel: maxVersionLevel }
    records.push({ type: 'FeatureLevelRecord', version: 0, record })
  }
  const results = request.featureUpdates.map(({ feature }) => ({ feature, ...noError }))
  return { records: request.validateOnly ? [] : records, response: { ...noError, results } }
}

function updateProblem(update: UpdateFeaturesRequestFeatureUpdateKey, context: ControllerContext): string | null {
  const { feature, maxVersionLevel: level } = update
  const upgradeType = update.allowDowngrade ? upgradeTypes.SAFE_DOWNGRADE : update.upgradeType
  if (!Object.values<number>(upgradeTypes).includes(upgradeType)) {
    return 'The controller does not support the given upgrade type.'
  }
  const supported = supportedFeatures.find((candidate) => candidate.name === feature)
  if (supported === undefined) return `Local controller ${unknownFeature}`
  if (level < 0) return 'A feature version cannot be less than 0.'
  if (level < supported.min || level > supported.max) {
    return `Local controller only supports versions ${supported.min}-${supported.max}`
  }
  const present = context.image.features.level(feature)
  if (level < present) {
    if (upgradeType === upgradeTypes.UPGRADE) {
      return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade."
    }
    if (feature === 'kraft.version') return "Can't downgrade the version of this feature."
    if (feature === 'metadata.version') {
      return 'Refusing to perform the requested downgrade because it might delete metadata information.'
    }
  }
  if (level > present && upgradeType !== upgradeTypes.UPGRADE) return "Can't downgrade to a newer version."
  return null
}

const unknownFeature = 'does not support this feature.'
