/** Brokers behind TLS and SASL. Ours has TLS; SASL is held against Apache Kafka. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startKafka, testBrokerJvm } from '@odradek/apache-kafka'
import { certificates, pemProperty } from './certificates.ts'
import { startServerProcess } from './server-process.ts'
import type { Target, TargetName } from './targets.ts'

/** Who may connect with SASL: user name and password. */
export const saslUser = { username: 'alice', password: 'alice-secret' } as const

/** After so many milliseconds a client has to authenticate anew. */
export const maxReauthMs = 2_000

/** A broker with a TLS listener that wants certificates of its clients. */
export async function startTlsTarget(
  name: TargetName,
  address: { readonly port?: number; readonly host?: string } = {},
): Promise<Target> {
  const { host = '127.0.0.1', port = (await freePorts(1))[0]! } = address
  const { ca, server } = certificates
  const tls = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': pemProperty(server.key),
    'ssl.keystore.certificate.chain': pemProperty(server.certificate),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': pemProperty(ca),
    'ssl.client.auth': 'required',
  }
  if (name === 'odradek') {
    const listeners = `SSL://${host}:${port},CONTROLLER://127.0.0.1:0`
    const own = { listeners, 'inter.broker.listener.name': 'SSL', ...tls }
    const server = await startServerProcess(port, own)
    return { bootstrap: `${host}:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  }
  return await startApache({ name: 'SSL', port, protocol: 'SSL' }, tls)
}

/** Apache Kafka with a listener for all SASL mechanisms, which has users for PLAIN; SCRAM users are made through it. */
export async function startSaslTarget(): Promise<Target & { readonly plaintext: string }> {
  const [port] = await freePorts(1)
  const jaas = (mechanism: string) => `listener.name.sasl.${mechanism}.sasl.jaas.config`
  const common = 'org.apache.kafka.common.security'
  return await startApache(
    { name: 'SASL', port: port!, protocol: 'SASL_PLAINTEXT' },
    {
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      'connections.max.reauth.ms': String(maxReauthMs),
      [jaas('plain')]: `${common}.plain.PlainLoginModule required user_${saslUser.username}="${saslUser.password}";`,
      [jaas('scram-sha-256')]: `${common}.scram.ScramLoginModule required;`,
      [jaas('scram-sha-512')]: `${common}.scram.ScramLoginModule required;`,
      [jaas('oauthbearer')]:
        `${common}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    },
  )
}

interface SecureListener {
  readonly name: string
  readonly port: number
  readonly protocol: string
}

async function startApache(
  { name, port, protocol }: SecureListener,
  properties: Readonly<Record<string, string>>,
): Promise<Target & { readonly plaintext: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'odradek-secure-'))
  const [plain, controller] = await freePorts(2)
  const listener = `${name}://127.0.0.1:${port}`
  const kafka = await startKafka({
    dir,
    ports: [plain!],
    jvmFlags: testBrokerJvm,
    properties: {
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${plain},${listener},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${plain},${listener}`,
      'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,${name}:${protocol}`,
      ...properties,
    },
  })
  return {
    bootstrap: `127.0.0.1:${port}`,
    plaintext: kafka.bootstrap,
    async [Symbol.asyncDispose]() {
      await kafka.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
