import { errors, type Input } from '@odradek/protocol'
import type {
  BrokerRegistrationChangeRecord,
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from '@odradek/protocol/messages'
import type { MetadataRecord } from '@odradek/protocol/metadata-records'
import { recordVersionsAt } from '../metadata-version.ts'
import { partitionChangesFor } from './change-partition.ts'
import type { ControllerContext, ControllerResult } from './operation.ts'

type Answer = ControllerResult<{ readonly errorCode: number }>

/**
 * BrokerRegistration (KIP-631): the broker is fenced until it has caught up. Its epoch is the offset of the first record written
 * for it, so a later registration always has a larger one. A former incarnation that did not stop cleanly loses its place among
 * the eligible leader replicas first (KIP-966): what it had not flushed may be gone.
 */
export function registerBroker(
  request: BrokerRegistrationRequest,
  context: ControllerContext,
): ControllerResult<Input<BrokerRegistrationResponse>> {
  const { features, cluster } = context.image
  for (const { name, minSupportedVersion, maxSupportedVersion } of request.features) {
    const level = features.level(name)
    if (level !== 0 && (level < minSupportedVersion || level > maxSupportedVersion)) {
      return { records: [], response: { errorCode: errors.UNSUPPORTED_VERSION.code } }
    }
  }
  const former = cluster.broker(request.brokerId)
  const isSameIncarnation = former?.incarnationId === request.incarnationId
  const stoppedCleanly = former === undefined || isSameIncarnation || request.previousBrokerEpoch === former.brokerEpoch
  const cleanUp = stoppedCleanly ? [] : partitionChangesFor({ brokerId: request.brokerId, becomes: 'unclean' }, context)
  const brokerEpoch = isSameIncarnation ? former.brokerEpoch : context.nextOffset
  const record = {
    brokerId: request.brokerId,
    isMigratingZkBroker: false,
    incarnationId: request.incarnationId,
    brokerEpoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    fenced: isSameIncarnation ? former.fenced : true,
    inControlledShutdown: isSameIncarnation ? former.inControlledShutdown : false,
    logDirs: [...request.logDirs].sort(),
    cordonedLogDirs: null,
  }
  const version = recordVersionsAt(features.metadataVersion).registerBroker
  return {
    records: [...cleanUp, { type: 'RegisterBrokerRecord', version, record }],
    response: { brokerEpoch },
  }
}

/** Ends the fencing of a broker that has caught up, and lets it lead the partitions that wait for it. */
export function unfenceBroker(brokerId: number, context: ControllerContext): Answer {
  const broker = context.image.cluster.broker(brokerId)
  if (broker === undefined) return unknownBroker
  if (!broker.fenced) return { records: [], response: { errorCode: 0 } }
  const records = [
    registrationChange(0, { brokerId, brokerEpoch: broker.brokerEpoch, fenced: -1 }),
    ...partitionChangesFor({ brokerId, becomes: 'active' }, context),
  ]
  return { records, response: { errorCode: 0 } }
}

/** The first half of a clean stop: the broker gives up what it leads. */
export function beginControlledShutdown(brokerId: number, context: ControllerContext): Answer {
  const broker = context.image.cluster.broker(brokerId)
  if (broker === undefined) return unknownBroker
  if (broker.inControlledShutdown) return { records: [], response: { errorCode: 0 } }
  const records = [
    registrationChange(1, { brokerId, brokerEpoch: broker.brokerEpoch, inControlledShutdown: 1 }),
    ...partitionChangesFor({ brokerId, becomes: 'inactive' }, context),
  ]
  return { records, response: { errorCode: 0 } }
}

/** The second half of a clean stop, and what the controller does to a broker it no longer hears. */
export function fenceBroker(brokerId: number, context: ControllerContext): Answer {
  const broker = context.image.cluster.broker(brokerId)
  if (broker === undefined) return unknownBroker
  if (broker.fenced) return { records: [], response: { errorCode: 0 } }
  const records = [
    registrationChange(0, { brokerId, brokerEpoch: broker.brokerEpoch, fenced: 1 }),
    ...partitionChangesFor({ brokerId, becomes: 'inactive' }, context),
  ]
  return { records, response: { errorCode: 0 } }
}

/** What a heartbeat says of a broker's cordoned log directories (KIP-1066): by their ids, those that get no new replicas. */
export function cordonLogDirs(
  { brokerId, directories }: { readonly brokerId: number; readonly directories: readonly string[] },
  context: ControllerContext,
): Answer {
  const { features, cluster } = context.image
  const broker = cluster.broker(brokerId)
  if (broker === undefined) return unknownBroker
  const version = recordVersionsAt(features.metadataVersion).brokerRegistrationChange
  const cordonedLogDirs = [...directories].sort()
  const isSame = cordonedLogDirs.join() === [...(broker.cordonedLogDirs ?? [])].sort().join()
  // Metadata of before Kafka 4.3 cannot hold them.
  if (isSame || version < 3) return { records: [], response: { errorCode: 0 } }
  const { brokerEpoch } = broker
  return {
    records: [registrationChange(version, { brokerId, brokerEpoch, cordonedLogDirs })],
    response: { errorCode: 0 },
  }
}

/** ControllerRegistration (KIP-919): where the controllers are and what they support. */
export function registerController(
  request: ControllerRegistrationRequest,
  context: ControllerContext,
): ControllerResult<Input<ControllerRegistrationResponse>> {
  const { controllerId, incarnationId, zkMigrationReady, listeners, features } = request
  const former = context.image.cluster.controller(controllerId)
  if (former?.incarnationId === incarnationId) return { records: [], response: {} }
  const record = { controllerId, incarnationId, zkMigrationReady, endPoints: listeners, features }
  return { records: [{ type: 'RegisterControllerRecord', version: 0, record }], response: {} }
}

const unknownBroker: Answer = { records: [], response: { errorCode: errors.BROKER_ID_NOT_REGISTERED.code } }

function registrationChange(
  version: number,
  change: Partial<BrokerRegistrationChangeRecord> & { readonly brokerId: number; readonly brokerEpoch: number },
): MetadataRecord {
  const record = { fenced: 0, inControlledShutdown: 0, logDirs: [], cordonedLogDirs: null, ...change }
  return { type: 'BrokerRegistrationChangeRecord', version, record }
}
