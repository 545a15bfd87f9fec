import { partitionName, type RecordsToDelete } from '@odradek/admin'

/** The partitions of the file behind `--offset-json-file`. @throws Error in Kafka's words */
export function parseRecordsToDelete(text: string): readonly RecordsToDelete[] {
  const file = parseJson(text)
  if (!isObject(file)) throw new Error(`Expected JSON object, received ${JSON.stringify(file)}`)
  const version = file['version'] ?? 1
  if (version !== 1) throw new Error(`Not supported version field value ${String(version)}`)
  const partitions = file['partitions']
  if (partitions === undefined) throw new Error('Missing partitions field')
  if (!Array.isArray(partitions)) throw new Error(`Expected JSON array, received ${JSON.stringify(partitions)}`)
  const records = partitions.map(recordsOf)
  const names = records.map(partitionName)
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at))
  if (twice.size > 0) throw new Error(`Offset json file contains duplicate topic partitions: ${[...twice].join(',')}`)
  return records
}

function recordsOf(row: unknown): RecordsToDelete {
  if (!isObject(row)) throw new Error(`Expected JSON object, received ${JSON.stringify(row)}`)
  const field = <Type extends 'string' | 'number'>(name: string, type: Type) => {
    const value = row[name]
    if (value === undefined) throw new Error(`No such field exists: \`${name}\``)
    if (typeof value !== type) {
      const wanted = type === 'string' ? 'String' : name === 'offset' ? 'Long' : 'Integer'
      throw new Error(`Expected \`${wanted}\` value, received ${JSON.stringify(value)}`)
    }
    return value
  }
  return {
    topic: String(field('topic', 'string')),
    partition: Number(field('partition', 'number')),
    beforeOffset: Number(field('offset', 'number')),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('The input string is not a valid JSON')
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
