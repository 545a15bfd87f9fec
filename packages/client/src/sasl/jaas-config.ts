import { ConfigError } from '../kafka-error.ts'

/** User name and password out of `sasl.jaas.config`: `a.LoginModule required username="alice" password="secret";`. */
export function readJaasConfig(text: string): { readonly username: string; readonly password: string } {
  const options = new Map<string, string>()
  for (const match of text.matchAll(/(\w+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^\s;"']+))/g)) {
    options.set(match[1]!, (match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? match[4])!)
  }
  const [username, password] = [options.get('username'), options.get('password')]
  if (username !== undefined && password !== undefined) return { username, password }
  throw new ConfigError(`saslJaasConfig has to hold username="..." and password="..."`)
}
