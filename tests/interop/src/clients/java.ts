import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { kafkaClasspath, logFlag, shortLivedJvm } from '@odradek/apache-kafka'
import { cached } from '../cache.ts'
import type { ForeignClient, ProduceRequest, ReadRequest } from '../foreign-client.ts'
import { LineDriver } from '../line-driver.ts'
import { mustRun } from '../process.ts'
import type { ConsumedRecord } from '../record.ts'

const sources = resolve(import.meta.dirname, '../../java')

/** Starts a JVM with kafka-clients 4.4.0 that serves produce, read, groups, transactions and the admin calls. */
export async function startJavaDriver(): Promise<LineDriver> {
  const classes = await compiled('java-clients', ['clients'], 'broker')
  return await startJvm(`${classes}:${kafkaClasspath('broker')}`, 'odradek.interop.Driver')
}

/** Starts a JVM that runs Kafka's command line tools one after the other (operation `tool`). */
export async function startToolDriver(): Promise<LineDriver> {
  const classes = await compiled('java-tools', ['clients', 'tools'], 'tools')
  return await startJvm(`${classes}:${kafkaClasspath('tools')}`, 'odradek.interop.ToolDriver')
}

/** Kafka's own client, in the JVM of a Java driver. */
export class JavaClient implements ForeignClient {
  readonly name = 'java'
  readonly limits = {}
  readonly #driver: LineDriver

  constructor(driver: LineDriver) {
    this.#driver = driver
  }

  async produce({ codec, idempotent, ...request }: ProduceRequest): Promise<void> {
    const config = { 'compression.type': codec, 'enable.idempotence': String(idempotent), acks: 'all' }
    await this.#driver.request('produce', { ...request, config })
  }

  read({ from, ...request }: ReadRequest): Promise<readonly ConsumedRecord[]> {
    return this.#driver.request('read', { ...request, ...from })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close()
  }
}

async function compiled(name: string, parts: readonly string[], jars: 'broker' | 'tools'): Promise<string> {
  const directories = parts.map((part) => resolve(sources, part))
  return await cached(name, directories, async (directory) => {
    const files: string[] = []
    for (const from of directories) files.push(...(await readdir(from)).map((file) => resolve(from, file)))
    await mustRun('javac', ['-nowarn', '-d', directory, '-cp', kafkaClasspath(jars), ...files])
  })
}

async function startJvm(classpath: string, mainClass: string): Promise<LineDriver> {
  return new LineDriver('java', [...shortLivedJvm, await logFlag(), '-cp', classpath, mainClass])
}
