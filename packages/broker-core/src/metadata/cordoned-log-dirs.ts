import type { LogDirectory } from '@odradek/log'
import { cordonLogDirs } from '@odradek/quorum'
import type { Broker } from '../broker.ts'

/** The log directories that get no new replicas: those that `cordoned.log.dirs` names (KIP-1066). */
export function cordonedLogDirs({ configs, logs }: Broker): ReadonlySet<LogDirectory> {
  const names = configs.broker.cordonedLogDirs ?? []
  return new Set(logs.directories.filter(({ path }) => names.includes('*') || names.includes(path)))
}

/** Tells the controller of them, as a heartbeat does, so that it looks for other brokers when all are cordoned. */
export async function reportCordonedLogDirs(broker: Broker): Promise<void> {
  const directories = [...cordonedLogDirs(broker)].flatMap(({ metaProperties }) => metaProperties?.directoryId ?? [])
  await broker.controller.run((context) => cordonLogDirs({ brokerId: broker.nodeId, directories }, context))
}
