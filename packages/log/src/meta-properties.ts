import { type Storage, StorageError } from '@odradek/runtime'

/** The name of the file that says whose data a log directory holds. */
export const metaPropertiesName = 'meta.properties'

/** Kafka's `meta.properties`, version 1: which node of which cluster owns the log directory (KIP-631, KIP-858). */
export interface MetaProperties {
  readonly clusterId: string
  readonly nodeId: number
  /** Id of this directory, as Kafka prints UUIDs. */
  readonly directoryId: string
}

/** A `meta.properties` that is not one of version 1 with all it needs. */
export class MetaPropertiesError extends Error {
  override readonly name = 'MetaPropertiesError'
}

/** Reads `meta.properties`; undefined when the directory has none. @throws MetaPropertiesError */
export function readMetaProperties(storage: Storage, directory: string): MetaProperties | undefined {
  const path = `${directory}/${metaPropertiesName}`
  let content: string
  try {
    content = new TextDecoder().decode(storage.readFile(path))
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not-found') return undefined
    throw error
  }
  const values = new Map<string, string>()
  for (const line of content.split(/\r?\n/)) {
    const parts = /^\s*([^#!\s][^=:\s]*)\s*[=:]\s*(.*)$/.exec(line)
    if (parts !== null) values.set(parts[1] as string, (parts[2] as string).trim())
  }
  if (values.get('version') !== '1') {
    throw new MetaPropertiesError(`${path}: expected version 1, found ${values.get('version') ?? 'none'}`)
  }
  const nodeId = Number(values.get('node.id') ?? Number.NaN)
  const clusterId = values.get('cluster.id')
  const directoryId = values.get('directory.id')
  if (!Number.isInteger(nodeId) || clusterId === undefined || directoryId === undefined) {
    throw new MetaPropertiesError(`${path}: expected node.id, cluster.id and directory.id, found ${[...values.keys()]}`)
  }
  return { clusterId, nodeId, directoryId }
}

/** Writes `meta.properties`. */
export function writeMetaProperties(storage: Storage, directory: string, properties: MetaProperties): void {
  const { clusterId, nodeId, directoryId } = properties
  const content = `#\nnode.id=${nodeId}\ndirectory.id=${directoryId}\nversion=1\ncluster.id=${clusterId}\n`
  storage.writeFile(`${directory}/${metaPropertiesName}`, new TextEncoder().encode(content))
}
