import { type Storage, StorageError } from '@odradek/runtime'

/** The name of the file that ties a partition's directory to its topic's id (KIP-516). */
export const partitionMetadataName = 'partition.metadata'

/** Writes `partition.metadata`; `topicId` as Kafka prints UUIDs. */
export function writePartitionMetadata(storage: Storage, directory: string, topicId: string): void {
  const content = `version: 0\ntopic_id: ${topicId}`
  storage.writeFile(`${directory}/${partitionMetadataName}`, new TextEncoder().encode(content))
}

/** The topic id in `partition.metadata`; undefined when there is no file or it says nothing readable. */
export function readPartitionMetadata(storage: Storage, directory: string): string | undefined {
  try {
    const content = new TextDecoder().decode(storage.readFile(`${directory}/${partitionMetadataName}`))
    return /^version: 0\r?\ntopic_id: ([A-Za-z0-9_-]{22})\s*$/.exec(content)?.[1]
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not-found') return undefined
    throw error
  }
}
