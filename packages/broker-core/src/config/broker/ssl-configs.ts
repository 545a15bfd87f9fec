import { boolean, javaClass, list, low, password, perBroker, string, used, valid } from '../config-row.ts'
import { listOf, oneOf } from '../validators.ts'

/** TLS of listeners; each of them may stand behind listener.name.<listener>. */
export const sslConfigs = {
  'ssl.allow.dn.changes': boolean(false, 'Accept a new certificate with another distinguished name.', low),
  'ssl.allow.san.changes': boolean(false, 'Accept a new certificate with other alternative names.', low),
  'ssl.cipher.suites': list(
    [],
    'Cipher suites to offer; all that are available when empty.',
    valid(listOf({})),
    perBroker,
  ),
  'ssl.client.auth': string(
    'none',
    'Whether clients have to show a certificate.',
    valid(oneOf('required', 'requested', 'none')),
    perBroker,
    used,
  ),
  'ssl.enabled.protocols': list(['TLSv1.2', 'TLSv1.3'], 'TLS versions to accept.', valid(listOf({})), perBroker),
  'ssl.endpoint.identification.algorithm': string(
    'https',
    "How the name in a server's certificate is checked; empty for not at all.",
    low,
    perBroker,
  ),
  'ssl.engine.factory.class': javaClass(
    null,
    'Java class that makes TLS engines; has no counterpart here.',
    low,
    perBroker,
  ),
  'ssl.key.password': password(null, 'Password of the private key.', perBroker, used),
  'ssl.keymanager.algorithm': string('SunX509', "Java's key manager; has no counterpart here.", perBroker),
  'ssl.keystore.certificate.chain': password(null, 'Certificate chain in PEM.', perBroker, used),
  'ssl.keystore.key': password(null, 'Private key in PEM, PKCS#8.', perBroker, used),
  'ssl.keystore.location': string(null, 'File of the key store.', perBroker, used),
  'ssl.keystore.password': password(null, 'Password of the key store.', perBroker),
  'ssl.keystore.type': string('JKS', "Format of the key store: PEM or PKCS12; JKS is Java's own.", perBroker, used),
  'ssl.principal.mapping.rules': string('DEFAULT', "Rules that make a principal's name of a distinguished name.", low),
  'ssl.protocol': string('TLSv1.3', 'TLS version for connections to other nodes.', perBroker),
  'ssl.provider': string(null, "Java's security provider; has no counterpart here.", perBroker),
  'ssl.secure.random.implementation': string(
    null,
    "Java's random generator for TLS; has no counterpart here.",
    low,
    perBroker,
  ),
  'ssl.trustmanager.algorithm': string('PKIX', "Java's trust manager; has no counterpart here.", perBroker),
  'ssl.truststore.certificates': password(null, 'Trusted certificates in PEM.', perBroker, used),
  'ssl.truststore.location': string(null, 'File of the trust store.', perBroker, used),
  'ssl.truststore.password': password(null, 'Password of the trust store.', perBroker),
  'ssl.truststore.type': string('JKS', "Format of the trust store: PEM or PKCS12; JKS is Java's own.", perBroker, used),
}
