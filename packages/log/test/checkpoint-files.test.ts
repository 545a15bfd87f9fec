import { MemoryStorage } from '@odradek/runtime'
import { describe, expect, test } from 'vitest'
import { CheckpointFormatError } from '../src/checkpoint-file.ts'
import { readCleanShutdown, writeCleanShutdown } from '../src/clean-shutdown-file.ts'
import { MetaPropertiesError, readMetaProperties, writeMetaProperties } from '../src/meta-properties.ts'
import { OffsetCheckpointFile } from '../src/offset-checkpoint-file.ts'
import { readPartitionMetadata, writePartitionMetadata } from '../src/partition-metadata-file.ts'

const topicId = '4DJhSmpNQgakc2Z_rpYeqA'

function storageWith(files: Record<string, string>): MemoryStorage {
  const storage = new MemoryStorage()
  storage.makeDirectory('data')
  for (const [name, content] of Object.entries(files))
    storage.writeFile(`data/${name}`, new TextEncoder().encode(content))
  return storage
}

const contentOf = (storage: MemoryStorage, name: string): string =>
  new TextDecoder().decode(storage.readFile(`data/${name}`))

describe('the small files of a log directory', () => {
  test('an offset checkpoint is what Kafka writes, and is read back', () => {
    const storage = storageWith({})
    const file = new OffsetCheckpointFile(storage, 'data/recovery-point-offset-checkpoint')
    file.write([
      { topic: 'golden', partition: 0, offset: 3000 },
      { topic: 'a-b', partition: 12, offset: 0 },
    ])
    expect(contentOf(storage, 'recovery-point-offset-checkpoint')).toBe('0\n2\ngolden 0 3000\na-b 12 0\n')
    expect(file.read()).toEqual(
      new Map([
        ['golden-0', 3000],
        ['a-b-12', 0],
      ]),
    )
  })

  test('a checkpoint that is missing or empty has no entries', () => {
    const storage = storageWith({ empty: '' })
    expect(new OffsetCheckpointFile(storage, 'data/empty').read()).toEqual(new Map())
    expect(new OffsetCheckpointFile(storage, 'data/none').read()).toEqual(new Map())
  })

  test.each([
    ['another version', '1\n0\n'],
    ['fewer entries than announced', '0\n2\nt 0 1\n'],
    ['more entries than announced', '0\n0\nt 0 1\n'],
    ['a line that is none', '0\n1\nt 0\n'],
    ['half a file', '0\n'],
  ])('a checkpoint with %s is refused as a whole', (_, content) => {
    const storage = storageWith({ checkpoint: content })
    expect(() => new OffsetCheckpointFile(storage, 'data/checkpoint').read()).toThrow(CheckpointFormatError)
  })

  test('partition.metadata ties the directory to a topic id, in the bytes Kafka writes', () => {
    const storage = storageWith({})
    writePartitionMetadata(storage, 'data', topicId)
    expect(contentOf(storage, 'partition.metadata')).toBe(`version: 0\ntopic_id: ${topicId}`)
    expect(readPartitionMetadata(storage, 'data')).toBe(topicId)
    expect(readPartitionMetadata(storageWith({ 'partition.metadata': 'version: 9' }), 'data')).toBeUndefined()
  })

  test('meta.properties is read as Kafka writes it', () => {
    const content =
      '#\n#Mon Nov 23 18:07:17 UTC 2026\nnode.id=1\ndirectory.id=khYVHuAmU63YPjMK6Dx2UA\nversion=1\ncluster.id=MkU3OEVBNTcwNTJENDM2Qk\n'
    const expected = { nodeId: 1, directoryId: 'khYVHuAmU63YPjMK6Dx2UA', clusterId: 'MkU3OEVBNTcwNTJENDM2Qk' }
    const storage = storageWith({ 'meta.properties': content })
    expect(readMetaProperties(storage, 'data')).toEqual(expected)
    writeMetaProperties(storage, 'data', expected)
    expect(readMetaProperties(storage, 'data')).toEqual(expected)
    expect(readMetaProperties(storageWith({}), 'data')).toBeUndefined()
  })

  test.each([
    'version=0\nbroker.id=1\n',
    'version=1\nnode.id=x\ncluster.id=c\ndirectory.id=d\n',
    'version=1\nnode.id=1\n',
  ])('meta.properties of %j is refused', (content) => {
    expect(() => readMetaProperties(storageWith({ 'meta.properties': content }), 'data')).toThrow(MetaPropertiesError)
  })

  test('the clean shutdown marker carries the broker epoch', () => {
    const storage = storageWith({})
    expect(readCleanShutdown(storage, 'data')).toBeUndefined()
    writeCleanShutdown(storage, 'data', { brokerEpoch: 12 })
    expect(contentOf(storage, '.kafka_cleanshutdown')).toBe('{"version":0,"brokerEpoch":12}')
    expect(readCleanShutdown(storage, 'data')).toEqual({ brokerEpoch: 12 })
  })
})
