/** TLS of a listener out of Kafka's `ssl.*` configs. Key and trust stores are PEM (KIP-651); JKS and PKCS12 are Java's matter. */
import { type BrokerConfigLayers, ConfigError, type Listener } from '@odradek/broker-core/config'
import { type Storage, StorageError, type TlsServerOptions } from '@odradek/runtime'

/** Reads what an SSL listener needs; `listener.name.<listener>.ssl.*` goes before `ssl.*`. Throws ConfigError. */
export function tlsOf(listener: Listener, layers: BrokerConfigLayers, storage: Storage): TlsServerOptions {
  const prefix = `listener.name.${listener.name.toLowerCase()}.`
  const text = (name: string) => layers.static.get(`${prefix}${name}`) ?? layers.static.get(name)
  const refuse = (name: string, reason: string) =>
    new ConfigError(`Listener ${listener.name} speaks TLS: ${reason}`, { configName: name })
  const storeOf = (store: 'keystore' | 'truststore'): string | undefined => {
    const path = text(`ssl.${store}.location`)
    if (path === undefined) return undefined
    const type = text(`ssl.${store}.type`) ?? 'JKS'
    if (type.toUpperCase() !== 'PEM')
      throw refuse(`ssl.${store}.type`, `expected ssl.${store}.type=PEM, found ${type}; openssl pkcs12 converts it`)
    try {
      return new TextDecoder().decode(storage.readFile(path))
    } catch (error) {
      if (error instanceof StorageError) throw refuse(`ssl.${store}.location`, error.message)
      throw error
    }
  }
  const keyStore = storeOf('keystore')
  const key = keyStore ?? text('ssl.keystore.key')
  const certificate = keyStore ?? text('ssl.keystore.certificate.chain')
  if (key === undefined || certificate === undefined)
    throw refuse(
      'ssl.keystore.location',
      'expected ssl.keystore.location, or ssl.keystore.key and ssl.keystore.certificate.chain',
    )
  const ca = storeOf('truststore') ?? text('ssl.truststore.certificates')
  const passphrase = text('ssl.key.password')
  const clientAuth = (text('ssl.client.auth') ?? 'none') as NonNullable<TlsServerOptions['clientAuth']>
  return {
    key,
    certificate,
    clientAuth,
    ...(ca === undefined ? {} : { ca }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}
