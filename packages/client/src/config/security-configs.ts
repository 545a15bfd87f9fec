import type { OAuthBearerTokenProvider } from '../sasl/oauthbearer.ts'
import { isSaslMechanism, type SaslMechanism } from '../sasl/sasl-mechanism.ts'
import { code, oneOf, optionalString, refused, string } from './config-row.ts'

const kerberos =
  'Kerberos needs a native library; bring one as a mechanism of your own in saslClientCallbackHandlerClass'
const oauth = 'give a function that fetches the token in saslLoginCallbackHandlerClass'
const login = 'the token provider is asked anew at every authentication, and decides itself what to keep'
const broker = 'it concerns brokers that check tokens'
const nodeTls = 'TLS is that of Node; set it with the flags of Node (--tls-min-v1.3, --tls-cipher-list)'
const storeKind = { doc: 'Only PEM: Node reads no Java key stores (`keytool -exportcert -rfc` makes PEM of them).' }

/** The configs of TLS and SASL, by Kafka's dotted names. */
export const securityConfigs = {
  'security.protocol': oneOf(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], 'PLAINTEXT', {
    doc: 'Whether connections are encrypted (SSL) and authenticated (SASL).',
    importance: 'medium',
  }),
  'ssl.truststore.certificates': optionalString(
    'Certificates to trust, as PEM text, instead of those of Node.',
    'high',
  ),
  'ssl.truststore.location': optionalString('File with the certificates to trust, as PEM.', 'high'),
  'ssl.truststore.type': oneOf(['PEM'], 'PEM', storeKind),
  'ssl.truststore.password': refused('PEM files of certificates have no password'),
  'ssl.keystore.certificate.chain': optionalString('Certificate of this client, as PEM text.', 'high'),
  'ssl.keystore.key': optionalString('Private key of this client, as PEM text.', 'high'),
  'ssl.keystore.location': optionalString('File with private key and certificate of this client, as PEM.', 'high'),
  'ssl.keystore.type': oneOf(['PEM'], 'PEM', storeKind),
  'ssl.keystore.password': refused('PEM files have a password for the key only: sslKeyPassword'),
  'ssl.key.password': optionalString('Password of the private key.', 'high'),
  'ssl.endpoint.identification.algorithm': string(
    'https',
    'Whether the name in the certificate has to be that of the broker; empty for no check.',
  ),
  'ssl.cipher.suites': refused(nodeTls),
  'ssl.enabled.protocols': refused(nodeTls),
  'ssl.protocol': refused(nodeTls),
  'ssl.provider': refused(nodeTls),
  'ssl.engine.factory.class': refused(nodeTls),
  'ssl.keymanager.algorithm': refused(nodeTls),
  'ssl.trustmanager.algorithm': refused(nodeTls),
  'ssl.secure.random.implementation': refused(nodeTls),
  'security.providers': refused(nodeTls),
  'sasl.mechanism': string(
    'GSSAPI',
    'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, or the name of your own.',
    'medium',
  ),
  'sasl.jaas.config': optionalString(
    'User name and password of PLAIN and SCRAM in Java\'s form: `org.apache...LoginModule required username="a" password="b";`.',
    'medium',
  ),
  'sasl.client.callback.handler.class': code<SaslMechanism | null>(isSaslMechanism, null, {
    doc: 'A SASL mechanism of your own.',
    type: 'SaslMechanism',
    importance: 'medium',
  }),
  'sasl.login.callback.handler.class': code<OAuthBearerTokenProvider | null>(
    (value) => typeof value === 'function',
    null,
    {
      doc: 'Gives the token of OAUTHBEARER; asked at every authentication.',
      type: 'function',
      importance: 'medium',
    },
  ),
  'sasl.kerberos.kinit.cmd': refused(kerberos),
  'sasl.kerberos.min.time.before.relogin': refused(kerberos),
  'sasl.kerberos.service.name': refused(kerberos),
  'sasl.kerberos.ticket.renew.jitter': refused(kerberos),
  'sasl.kerberos.ticket.renew.window.factor': refused(kerberos),
  'sasl.login.class': refused(login),
  'sasl.login.connect.timeout.ms': refused(login),
  'sasl.login.read.timeout.ms': refused(login),
  'sasl.login.refresh.buffer.seconds': refused(login),
  'sasl.login.refresh.min.period.seconds': refused(login),
  'sasl.login.refresh.window.factor': refused(login),
  'sasl.login.refresh.window.jitter': refused(login),
  'sasl.login.retry.backoff.max.ms': refused(login),
  'sasl.login.retry.backoff.ms': refused(login),
  'sasl.oauthbearer.allow.unverified.audience': refused(broker),
  'sasl.oauthbearer.allow.unverified.issuer': refused(broker),
  'sasl.oauthbearer.assertion.algorithm': refused(oauth),
  'sasl.oauthbearer.assertion.claim.aud': refused(oauth),
  'sasl.oauthbearer.assertion.claim.exp.seconds': refused(oauth),
  'sasl.oauthbearer.assertion.claim.iss': refused(oauth),
  'sasl.oauthbearer.assertion.claim.jti.include': refused(oauth),
  'sasl.oauthbearer.assertion.claim.nbf.seconds': refused(oauth),
  'sasl.oauthbearer.assertion.claim.sub': refused(oauth),
  'sasl.oauthbearer.assertion.file': refused(oauth),
  'sasl.oauthbearer.assertion.private.key.file': refused(oauth),
  'sasl.oauthbearer.assertion.private.key.passphrase': refused(oauth),
  'sasl.oauthbearer.assertion.template.file': refused(oauth),
  'sasl.oauthbearer.client.credentials.client.id': refused(oauth),
  'sasl.oauthbearer.client.credentials.client.secret': refused(oauth),
  'sasl.oauthbearer.clock.skew.seconds': refused(broker),
  'sasl.oauthbearer.expected.audience': refused(broker),
  'sasl.oauthbearer.expected.issuer': refused(broker),
  'sasl.oauthbearer.header.urlencode': refused(oauth),
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': refused(broker),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': refused(broker),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': refused(broker),
  'sasl.oauthbearer.jwks.endpoint.url': refused(broker),
  'sasl.oauthbearer.jwt.retriever.class': refused(oauth),
  'sasl.oauthbearer.jwt.validator.class': refused(broker),
  'sasl.oauthbearer.scope': refused(oauth),
  'sasl.oauthbearer.scope.claim.name': refused(oauth),
  'sasl.oauthbearer.sub.claim.name': refused(oauth),
  'sasl.oauthbearer.token.endpoint.url': refused(oauth),
}
