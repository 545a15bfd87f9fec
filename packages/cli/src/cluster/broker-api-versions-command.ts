import type { Admin, ClusterNode, ServedApi } from '@odradek/admin'
import { apiByKey, apiKeyList } from '@odradek/protocol'
import type { Command } from '../command/command.ts'
import { connectAdmin } from '../command/connect-admin.ts'
import { failureMessage } from '../command/kafka-failure.ts'
import { checkRequired, helpOrVersion, jsonOption, readOptions, type Usage, usageError } from '../command/usage.ts'
import { brokerApiVersionsOptions } from './broker-api-versions-options.ts'

const usage: Usage = {
  description: 'This tool helps to retrieve broker version information.',
  options: brokerApiVersionsOptions,
  ownOptions: [jsonOption],
  examples: ['kafka-broker-api-versions --bootstrap-server localhost:9092'],
}

/** `kafka-broker-api-versions`: which requests each broker serves, and in which versions. */
export const brokerApiVersionsCommand: Command = {
  name: 'kafka-broker-api-versions',
  summary: 'Tell which requests each broker serves',
  examples: usage.examples,
  async run(args, io) {
    const options = readOptions(usage, args)
    if (args.length === 0) throw usageError(usage, usage.description)
    helpOrVersion(usage, options)
    checkRequired(usage, options, ['bootstrap-server'])
    await using admin = await connectAdmin(options, io)
    const { nodes } = await admin.describeCluster()
    if (options.has('json')) {
      const brokers = await Promise.all(nodes.map(async (node) => ({ ...node, apis: await apisOf(admin, node) })))
      await io.out(`${JSON.stringify(brokers, null, 2)}\n`)
      return 0
    }
    for (const node of nodes) await io.out(`${nodeText(node)} -> ${await versionsText(admin, node)}\n`)
    return 0
  },
}

/** A node as Kafka's own `Node` prints itself. */
function nodeText({ nodeId, host, port, rack, isFenced }: ClusterNode): string {
  return `${host}:${port} (id: ${nodeId} rack: ${rack} isFenced: ${isFenced})`
}

function apisOf(admin: Admin, { nodeId }: ClusterNode): Promise<readonly ServedApi[]> {
  return admin.describeApiVersions({ nodeId })
}

async function versionsText(admin: Admin, node: ClusterNode): Promise<string> {
  try {
    const served = new Map((await apisOf(admin, node)).map((api) => [api.apiKey, api]))
    const unserved = apiKeyList.filter(({ key, listeners }) => listeners.includes('broker') && !served.has(key))
    const texts = new Map([...served].map(([key, api]) => [key, servedText(api)]))
    for (const { key, name } of unserved) texts.set(key, `${name}(${key}): UNSUPPORTED`)
    const sorted = [...texts].sort(([one], [other]) => one - other).map(([, text]) => text)
    return `(\n\t${sorted.join(',\n\t')}\n)`
  } catch (error) {
    return `ERROR: ${failureMessage(error)}`
  }
}

function servedText({ apiKey, name, minVersion, maxVersion }: ServedApi): string {
  const versions = minVersion === maxVersion ? `${minVersion}` : `${minVersion} to ${maxVersion}`
  const known = apiByKey(apiKey)
  if (known === undefined) return `UNKNOWN(${apiKey}): ${versions}`
  const usable = () => {
    if (known.maxVersion < minVersion) return 'unusable: node too new'
    if (maxVersion < known.minVersion) return 'unusable: node too old'
    return `usable: ${Math.min(known.maxVersion, maxVersion)}`
  }
  return `${name}(${apiKey}): ${versions} [${usable()}]`
}
