import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { parseServerStartArguments } from '../src/server-start-command.ts'

describe('the command line is read as that of kafka-server-start', () => {
  test.each([
    [['s.properties'], { kind: 'start', path: 's.properties', overrides: [] }],
    [
      ['s.properties', '--override', 'a=b', '--override=c=d'],
      { kind: 'start', path: 's.properties', overrides: ['a=b', 'c=d'] },
    ],
    [['--version'], { kind: 'version' }],
    [['s.properties', '--help'], { kind: 'help' }],
    [[], { kind: 'error', message: 'Missing the configuration file' }],
    [['a', 'b', 'c'], { kind: 'error', message: 'Found non argument parameters: b,c' }],
    [['a', '--override'], { kind: 'error', message: 'Option override requires an argument' }],
    [['a', '--what'], { kind: 'error', message: '--what is not a recognized option' }],
  ] as const)('%j', (args, expected) => {
    expect(parseServerStartArguments(args)).toEqual(expected)
  })
})

const binary = (name: string) => [
  '--conditions=@odradek/source',
  fileURLToPath(new URL(`../src/bin/${name}.ts`, import.meta.url)),
]
const run = promisify(execFile)
const directories: string[] = []

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

function newNode(lines = ''): { readonly path: string; readonly data: string } {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-server-'))
  directories.push(directory)
  const [path, data] = [join(directory, 'server.properties'), join(directory, 'data')]
  writeFileSync(
    path,
    `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=localhost:9093
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0
odradek.log.format=json
odradek.metrics.listener=127.0.0.1:0
log.dirs=${data}
${lines}`,
  )
  return { path, data }
}

test('a formatted node starts, serves clients and metrics, and ends cleanly on SIGTERM', async () => {
  const { path, data } = newNode()
  await run(process.execPath, [...binary('kafka-storage'), 'format', '-s', '-t', 'MkU3OEVBNTcwNTJENDM2Qk', '-c', path])
  const server = spawn(process.execPath, [...binary('kafka-server-start'), path], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise((resolve) => server.once('exit', resolve))
  try {
    const started = await lineWith('Kafka Server started', server.stderr)
    const { bootstrapServers, metrics } = JSON.parse(started)
    await connected(bootstrapServers)
    expect(await (await fetch(metrics)).text()).toContain('kafka_controller_kafkacontroller_activebrokercount 1\n')
    server.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(existsSync(join(data, '.kafka_cleanshutdown'))).toBe(true)
  } finally {
    server.kill('SIGKILL')
  }
})

describe('a start that cannot be is one line on standard error and exit code 1', () => {
  test.each([
    ['', 'No readable meta.properties files found in'],
    ['num.partitions=none', 'server.properties:9: Invalid value none for configuration num.partitions'],
    [
      'listener.security.protocol.map=PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
      'SASL is not served by this release',
    ],
  ])('%j', async (lines, message) => {
    const { path } = newNode(`${lines}\nodradek.log.level=error\n`)
    const failure = await run(process.execPath, [...binary('kafka-server-start'), path]).then(
      () => undefined,
      (error: { readonly code: number; readonly stderr: string }) => error,
    )
    expect(failure).toMatchObject({ code: 1 })
    expect(failure?.stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(message)])
  })
})

function lineWith(text: string, stream: NodeJS.ReadableStream): Promise<string> {
  let all = ''
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      all += chunk.toString()
      const line = all.split('\n').find((candidate) => candidate.includes(text))
      if (line !== undefined && all.includes(`${line}\n`)) resolve(line)
    })
    stream.once('end', () => reject(new Error(`the process ended without "${text}": ${all}`)))
  })
}

function connected(address: string): Promise<void> {
  const colon = address.lastIndexOf(':')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}
