import { type Storage, StorageError } from '@odradek/runtime'

/** The name of the file that stands in a log directory only between a clean shutdown and the next start. */
export const cleanShutdownFileName = '.kafka_cleanshutdown'

/** Kafka's clean shutdown marker: while it stands, no log of the directory has to be scanned. */
export interface CleanShutdown {
  /** The broker epoch at the shutdown; -1 when it is not known (KIP-966). */
  readonly brokerEpoch: number
}

/** Reads the marker; undefined when there is none. A file that says nothing readable still marks a clean shutdown. */
export function readCleanShutdown(storage: Storage, directory: string): CleanShutdown | undefined {
  try {
    const content = new TextDecoder().decode(storage.readFile(`${directory}/${cleanShutdownFileName}`))
    const brokerEpoch = /"brokerEpoch"\s*:\s*(-?\d+)/.exec(content)?.[1]
    return { brokerEpoch: brokerEpoch === undefined ? -1 : Number(brokerEpoch) }
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not-found') return undefined
    throw error
  }
}

/** Writes the marker, as the last thing before the directory is left. */
export function writeCleanShutdown(storage: Storage, directory: string, { brokerEpoch }: CleanShutdown): void {
  const content = JSON.stringify({ version: 0, brokerEpoch })
  storage.writeFile(`${directory}/${cleanShutdownFileName}`, new TextEncoder().encode(content))
}

/** Takes the marker away, before anything is written. */
export function removeCleanShutdown(storage: Storage, directory: string): void {
  storage.remove(`${directory}/${cleanShutdownFileName}`)
}
