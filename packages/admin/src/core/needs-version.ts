import { KafkaError } from '@odradek/client'

/** Holds what a call wants against the version that both sides know. @throws KafkaError UNSUPPORTED_VERSION */
export function needsVersion(version: number, least: number, what: string): void {
  if (version >= least) return
  const message = `the broker is too old for ${what}: it serves version ${version} of the API, ${least} is needed`
  throw new KafkaError('UNSUPPORTED_VERSION', message)
}
