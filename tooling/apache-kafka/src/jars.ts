/**
 * Where Kafka's jars live and how they get there. Two sets of one layout, `<home>/broker/*.jar` and `<home>/tools/*.jar`: the broker's
 * release is newer than the newest command line tools on Maven Central, and the two must not meet on one classpath.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The two sets of jars: the broker with its clients (4.4.0), and Kafka's command line tools (4.3.1). */
export type JarSet = 'broker' | 'tools'

const sets: readonly { readonly set: JarSet; readonly witness: string }[] = [
  { set: 'broker', witness: 'kafka-server-4.4.0.jar' },
  { set: 'tools', witness: 'kafka-tools-4.3.1.jar' },
]

const log4j = `rootLogger.level=WARN
rootLogger.appenderRef.c.ref=C
appender.c.type=Console
appender.c.name=C
appender.c.target=SYSTEM_ERR
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d] %p %m (%c)%n
`

/** The directory of the jars: `ODRADEK_KAFKA_HOME`, or `~/.cache/apache-kafka`. */
export function kafkaHome(): string {
  return process.env['ODRADEK_KAFKA_HOME'] ?? join(homedir(), '.cache', 'apache-kafka')
}

/** Whether both sets of jars are there, in the releases this package is written for. */
export function kafkaInstalled(): boolean {
  return sets.every(({ set, witness }) => existsSync(join(kafkaHome(), set, witness)))
}

/** The classpath of one set of jars, as `java -cp` takes it. */
export function kafkaClasspath(set: JarSet): string {
  return join(kafkaHome(), set, '*')
}

/** The flag that points log4j at a configuration that writes warnings and errors to standard error; writes that file if it is missing. */
export async function logFlag(): Promise<string> {
  const path = join(kafkaHome(), 'log4j2.properties')
  if (!existsSync(path)) {
    await mkdir(kafkaHome(), { recursive: true })
    await writeFile(path, log4j)
  }
  return `-Dlog4j2.configurationFile=${path}`
}

/**
 * Fetches with Maven whatever jars are missing (about 110 MB, some ten seconds) and resolves with the directory.
 * Rejects with Maven's output when it fails, and at once when there is no Maven.
 */
export async function installKafka(): Promise<string> {
  const home = kafkaHome()
  await mkdir(home, { recursive: true })
  for (const { set, witness } of sets) {
    if (existsSync(join(home, set, witness))) continue
    const work = await mkdtemp(join(home, `.${set}-`))
    try {
      await copyFile(resolve(import.meta.dirname, `../pom-${set}.xml`), join(work, 'pom.xml'))
      await maven(['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=jars'], work)
      await rm(join(home, set), { recursive: true, force: true })
      await rename(join(work, 'jars'), join(home, set))
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  await logFlag()
  return home
}

function maven(args: readonly string[], cwd: string): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('mvn', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', (cause) => failed(new Error('Maven (mvn) did not start; install it to fetch Kafka', { cause })))
    child.on('close', (code) => {
      if (code === 0) done()
      else failed(new Error(`mvn ended with ${code}: ${Buffer.concat(output).toString('utf8')}`))
    })
  })
}
