import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const directory = resolve(import.meta.dirname, '../../../packages/runtime/test/fixtures/tls')
const read = (name: string) => readFileSync(join(directory, name), 'utf8')

/** Certificates of one authority: for `localhost`, `broker.test` and 127.0.0.1, and for a client; all as PEM. */
export const certificates = {
  ca: read('ca.crt'),
  server: { key: read('server.key'), certificate: read('server.crt') },
  client: { key: read('client.key'), certificate: read('client.crt') },
} as const

/** PEM as a value of a properties file. */
export function pemProperty(pem: string): string {
  return pem.replaceAll('\n', '\\n')
}
