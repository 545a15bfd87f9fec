import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** Our broker as a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  /** Where its clients begin. */
  readonly bootstrap: string
  /** Ends it as `kill -9` does, and starts it again on the same directory and port. */
  killAndRestart(): Promise<void>
}

const bin = (name: string) => [
  '--conditions=@odradek/source',
  '--disable-warning=ExperimentalWarning',
  resolve(import.meta.dirname, `../../../packages/server/src/bin/${name}.ts`),
]
const run = promisify(execFile)

/** Formats a fresh directory and starts the broker; `properties` go over those of a single node without TLS. */
export async function startServerProcess(
  port: number,
  properties: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'odradek-server-process-'))
  const path = join(dir, 'server.properties')
  const all = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': '127.0.0.1:9093',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SSL:SSL,CONTROLLER:PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:0`,
    'offsets.topic.replication.factor': '1',
    'odradek.log.format': 'json',
    'log.dirs': join(dir, 'data'),
    ...properties,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(path, lines.join(''))
  await run(process.execPath, [...bin('kafka-storage'), 'format', '-s', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', path])
  let server = await start(path)
  return {
    bootstrap: `127.0.0.1:${port}`,
    async killAndRestart() {
      await server.end('SIGKILL')
      server = await start(path)
    },
    async [Symbol.asyncDispose]() {
      await server.end('SIGTERM')
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function start(path: string): Promise<{ end(signal: NodeJS.Signals): Promise<unknown> }> {
  const child = spawn(process.execPath, [...bin('kafka-server-start'), path], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise((done) => child.once('exit', done))
  let said = ''
  await new Promise<void>((started, failed) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Kafka Server started')) started()
    })
    child.once('exit', () => failed(new Error(`the broker did not start: ${said}`)))
  })
  return {
    end(signal) {
      child.kill(signal)
      return exited
    },
  }
}
