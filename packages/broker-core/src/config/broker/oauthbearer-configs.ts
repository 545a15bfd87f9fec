import { boolean, high, int, javaClass, list, long, low, password, string, valid } from '../config-row.ts'
import { between, listOf, oneOfAnyCase } from '../validators.ts'

/** OAUTHBEARER: how tokens are fetched and checked. */
export const oauthbearerConfigs = {
  'sasl.oauthbearer.allow.unverified.audience': boolean(false, 'Accept tokens when no audience is expected.'),
  'sasl.oauthbearer.allow.unverified.issuer': boolean(false, 'Accept tokens when no issuer is expected.'),
  'sasl.oauthbearer.assertion.algorithm': string(
    'RS256',
    'Algorithm that signs the JWT assertion.',
    valid(oneOfAnyCase('ES256', 'RS256')),
  ),
  'sasl.oauthbearer.assertion.claim.aud': string(null, 'Audience claim of the assertion.'),
  'sasl.oauthbearer.assertion.claim.exp.seconds': int(
    300,
    'Seconds until the assertion expires.',
    low,
    valid(between(0, 86_400)),
  ),
  'sasl.oauthbearer.assertion.claim.iss': string(null, 'Issuer claim of the assertion.'),
  'sasl.oauthbearer.assertion.claim.jti.include': boolean(false, 'Give the assertion an id of its own.'),
  'sasl.oauthbearer.assertion.claim.nbf.seconds': int(
    60,
    'Seconds the assertion is valid before now.',
    low,
    valid(between(0, 3600)),
  ),
  'sasl.oauthbearer.assertion.claim.sub': string(null, 'Subject claim of the assertion.'),
  'sasl.oauthbearer.assertion.file': string(null, 'File of a ready assertion.'),
  'sasl.oauthbearer.assertion.private.key.file': string(null, 'File of the key that signs the assertion.'),
  'sasl.oauthbearer.assertion.private.key.passphrase': password(
    null,
    'Passphrase of the key that signs the assertion.',
  ),
  'sasl.oauthbearer.assertion.template.file': string(null, 'File of a template for the assertion.'),
  'sasl.oauthbearer.client.credentials.client.id': string(null, 'Client id of the client credentials grant.'),
  'sasl.oauthbearer.client.credentials.client.secret': password(null, 'Client secret of the client credentials grant.'),
  'sasl.oauthbearer.clock.skew.seconds': int(30, 'Seconds two clocks may differ.', low),
  'sasl.oauthbearer.expected.audience': list([], 'Audiences of which a token must name one.', high, valid(listOf({}))),
  'sasl.oauthbearer.expected.issuer': string(null, 'Issuer a token must name.', high),
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': long(3_600_000, "Pause between two reads of the provider's keys.", low),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': long(
    100,
    "First pause before reading the provider's keys again.",
    low,
  ),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': long(
    10_000,
    "Longest pause before reading the provider's keys again.",
    low,
  ),
  'sasl.oauthbearer.jwks.endpoint.url': string(null, "Where the provider's keys are."),
  'sasl.oauthbearer.jwt.retriever.class': javaClass(
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    'Java class that fetches tokens; has no counterpart here.',
  ),
  'sasl.oauthbearer.jwt.validator.class': javaClass(
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
    'Java class that checks tokens; has no counterpart here.',
  ),
  'sasl.oauthbearer.scope': string(null, 'Scope to ask for.'),
  'sasl.oauthbearer.scope.claim.name': string('scope', 'Name of the scope claim.', low),
  'sasl.oauthbearer.sub.claim.name': string('sub', 'Name of the subject claim.', low),
  'sasl.oauthbearer.token.endpoint.url': string(null, 'Where tokens are issued.'),
}
