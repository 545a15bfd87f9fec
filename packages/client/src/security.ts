import type { Storage, TlsClientOptions } from '@odradek/runtime'
import type { ConfigValues } from './config/config-table.ts'
import type { securityConfigs } from './config/security-configs.ts'
import { ConfigError } from './kafka-error.ts'
import { readJaasConfig } from './sasl/jaas-config.ts'
import { oauthBearerMechanism } from './sasl/oauthbearer.ts'
import { plainMechanism } from './sasl/plain.ts'
import type { SaslMechanism } from './sasl/sasl-mechanism.ts'
import { scramMechanism } from './sasl/scram.ts'

type SecurityValues = ConfigValues<typeof securityConfigs>

/** How connections are secured. */
export interface Security {
  /** `undefined` for plain connections. Files are read when it is called, so that renewed certificates are found. */
  tls(): Promise<TlsClientOptions | undefined>
  readonly mechanism: SaslMechanism | undefined
}

/** What the options say about TLS and SASL. @throws ConfigError when they contradict each other. */
export function securityOf(values: SecurityValues, storage: Pick<Storage, 'open' | 'exists'>): Security {
  const usesTls = values.securityProtocol.endsWith('SSL')
  if (values.sslTruststoreCertificates !== null && values.sslTruststoreLocation !== null) {
    throw new ConfigError('sslTruststoreCertificates and sslTruststoreLocation exclude each other')
  }
  if ((values.sslKeystoreKey === null) !== (values.sslKeystoreCertificateChain === null)) {
    throw new ConfigError('sslKeystoreKey and sslKeystoreCertificateChain belong together')
  }
  return {
    tls: async () => (usesTls ? await tlsOptions(values, storage) : undefined),
    mechanism: values.securityProtocol.startsWith('SASL') ? mechanismOf(values) : undefined,
  }
}

async function tlsOptions(
  values: SecurityValues,
  storage: Pick<Storage, 'open' | 'exists'>,
): Promise<TlsClientOptions> {
  const trusted =
    values.sslTruststoreLocation === null
      ? values.sslTruststoreCertificates
      : await readText(values.sslTruststoreLocation, storage)
  const store = values.sslKeystoreLocation === null ? null : await readText(values.sslKeystoreLocation, storage)
  const key = store ?? values.sslKeystoreKey
  const certificate = store ?? values.sslKeystoreCertificateChain
  return {
    verifyServerName: values.sslEndpointIdentificationAlgorithm !== '',
    ...(trusted === null ? {} : { ca: trusted }),
    ...(key === null ? {} : { key }),
    ...(certificate === null ? {} : { certificate }),
    ...(values.sslKeyPassword === null ? {} : { passphrase: values.sslKeyPassword }),
  }
}

async function readText(path: string, storage: Pick<Storage, 'open' | 'exists'>): Promise<string> {
  if (!storage.exists(path)) throw new ConfigError(`${path} is not there; it should be a PEM file`)
  const file = storage.open(path)
  try {
    return new TextDecoder().decode(await file.read(0, file.size))
  } finally {
    file.close()
  }
}

function mechanismOf(values: SecurityValues): SaslMechanism {
  const custom = values.saslClientCallbackHandlerClass
  if (custom !== null) return custom
  switch (values.saslMechanism) {
    case 'PLAIN': {
      const { username, password } = credentials(values)
      return plainMechanism(username, password)
    }
    case 'SCRAM-SHA-256':
      return scramMechanism({ hash: 'sha256', ...credentials(values) })
    case 'SCRAM-SHA-512':
      return scramMechanism({ hash: 'sha512', ...credentials(values) })
    case 'OAUTHBEARER': {
      const provider = values.saslLoginCallbackHandlerClass
      if (provider === null) {
        throw new ConfigError(
          'saslMechanism OAUTHBEARER needs a function that gives the token: saslLoginCallbackHandlerClass',
        )
      }
      return oauthBearerMechanism(provider)
    }
    default:
      throw new ConfigError(
        `saslMechanism ${values.saslMechanism} is not built in; PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER are, ` +
          'and saslClientCallbackHandlerClass takes one of your own',
      )
  }
}

function credentials(values: SecurityValues): { readonly username: string; readonly password: string } {
  if (values.saslJaasConfig === null) {
    throw new ConfigError(`saslMechanism ${values.saslMechanism} needs user name and password in saslJaasConfig`)
  }
  return readJaasConfig(values.saslJaasConfig)
}
