/** The brokers that the admin client is held against: ours always, Apache Kafka in the whole suite (`ODRADEK_INTEROP=full`). */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, kafkaInstalled, startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { startBroker } from '@odradek/server'

/** A broker under test. */
export type TargetName = 'apache' | 'odradek'

/** A running broker under test. */
export interface Target extends AsyncDisposable {
  /** `host:port`. */
  readonly bootstrap: string
  /** `host:port` where one logs in by SCRAM-SHA-256; only of Apache Kafka. */
  readonly saslBootstrap: string
  /** `host:port` of the controller; only of Apache Kafka. */
  readonly controller: string
}

/** The targets of this run. */
export function targetNames(): readonly TargetName[] {
  const named = process.env['ODRADEK_INTEROP_TARGETS']?.split(',')
  const all: readonly TargetName[] = ['odradek', 'apache']
  if (named !== undefined) return all.filter((name) => named.includes(name))
  return process.env['ODRADEK_INTEROP'] === 'full' ? all : ['odradek']
}

/** Why a target cannot be started here, or undefined if it can; throws instead when all are required. */
export function targetMissing(name: TargetName): string | undefined {
  if (name === 'odradek' || (hasJava() && kafkaInstalled())) return undefined
  const why = 'Apache Kafka cannot be started here; tests/interop/install brings it'
  if (process.env['ODRADEK_REQUIRE_FOREIGN'] === '1') throw new Error(why)
  return why
}

/** Starts a broker on a fresh directory. Apache Kafka has an authorizer, a listener with SCRAM and delegation tokens. */
export async function startTarget(name: TargetName): Promise<Target> {
  if (name === 'odradek') {
    const broker = await startBroker()
    return {
      bootstrap: broker.bootstrap,
      saslBootstrap: '',
      controller: '',
      [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
    }
  }
  const dir = await mkdtemp(join(tmpdir(), 'odradek-admin-'))
  const [plain, sasl, controller] = (await freePorts(3)) as [number, number, number]
  const kafka = await startKafka({
    dir,
    ports: [plain],
    jvmFlags: testBrokerJvm,
    properties: propertiesOf({ plain, sasl, controller }),
  })
  return {
    bootstrap: kafka.bootstrap,
    saslBootstrap: `127.0.0.1:${sasl}`,
    controller: `127.0.0.1:${controller}`,
    async [Symbol.asyncDispose]() {
      await kafka.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function propertiesOf(ports: { plain: number; sasl: number; controller: number }): Readonly<Record<string, string>> {
  const open = `PLAINTEXT://127.0.0.1:${ports.plain},SCRAM://127.0.0.1:${ports.sasl}`
  return {
    listeners: `${open},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': open,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SCRAM:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-256',
    'listener.name.scram.scram-sha-256.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'delegation.token.secret.key': 'secret',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': 'true',
  }
}

function hasJava(): boolean {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
