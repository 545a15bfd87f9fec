/** The command line over this package; `usage` below says what it does. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { installKafka, kafkaClasspath, logFlag } from './jars.ts'
import { startKafka } from './start-kafka.ts'
import { shortLivedJvm } from './tool.ts'
import { type KafkaTool, toolClasses } from './tool-classes.ts'

const usage = `Apache Kafka from Maven Central.

  install                                fetch the jars that are missing
  start --dir DIR [--nodes N] [--port P] [--voters static|dynamic] [--property k=v]...
                                         run N nodes in the foreground; prints the bootstrap list; Ctrl-C stops them
  run TOOL ARGS...                       one of Kafka's command line tools, e.g. run kafka-topics --bootstrap-server 127.0.0.1:9092 --list
  classpath [broker|tools]               for Java programs
`

async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === 'install') process.stdout.write(`${await installKafka()}\n`)
  else if (command === 'classpath')
    process.stdout.write(`${kafkaClasspath(rest[0] === 'broker' ? 'broker' : 'tools')}\n`)
  else if (command === 'start') await start(rest)
  else if (command === 'run' && rest[0] !== undefined && rest[0] in toolClasses) {
    await run(rest[0] as KafkaTool, rest.slice(1))
  } else {
    process.stderr.write(usage)
    process.exitCode = 2
  }
}

async function start(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      nodes: { type: 'string', default: '1' },
      port: { type: 'string' },
      voters: { type: 'string', default: 'static' },
      property: { type: 'string', multiple: true, default: [] },
    },
  })
  if (values.dir === undefined) throw new Error('start needs --dir')
  const nodes = Number(values.nodes)
  const port = values.port === undefined ? undefined : Number(values.port)
  await installKafka()
  const kafka = await startKafka({
    dir: values.dir,
    nodes,
    voters: values.voters === 'dynamic' ? 'dynamic' : 'static',
    properties: Object.fromEntries(values.property.map(splitProperty)),
    ...(port === undefined ? {} : { ports: Array.from({ length: nodes }, (_, index) => port + index) }),
  })
  process.stdout.write(`${kafka.bootstrap}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void kafka.stop())
}

function splitProperty(property: string): [key: string, value: string] {
  const equals = property.indexOf('=')
  if (equals < 1) throw new Error(`--property takes key=value, not ${property}`)
  return [property.slice(0, equals), property.slice(equals + 1)]
}

async function run(tool: KafkaTool, args: readonly string[]): Promise<void> {
  await installKafka()
  const jars = kafkaClasspath(tool === 'kafka-storage' ? 'broker' : 'tools')
  const flags = [...shortLivedJvm, await logFlag(), '-cp', jars, toolClasses[tool]]
  const child = spawn('java', [...flags, ...args], { stdio: 'inherit' })
  child.on('close', (code) => {
    process.exitCode = code ?? 1
  })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
