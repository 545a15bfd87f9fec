import {
  type ClientConfig,
  type ClientEvents,
  type ClientPorts,
  ConfigError,
  type ConfigOptions,
  ConfigTable,
  type ConfigValues,
  portOptions,
} from '@odradek/client'
import type { Hooks, Logger } from '@odradek/runtime'
import { adminConfigs } from './admin-configs.ts'

/** The configs of the admin client as a table: parser, types and documentation. */
export const adminConfigTable = /* @__PURE__ */ new ConfigTable(adminConfigs, portOptions)

/** What the admin client reads. */
export type AdminConfig = ConfigValues<typeof adminConfigs> & ClientConfig

/** What an admin client is made with: Kafka's configs in camelCase, and the ports where they are not to be those of Node. */
export type AdminOptions = ConfigOptions<typeof adminConfigs> &
  Partial<ClientPorts> & { readonly hooks?: Hooks<ClientEvents> }

/** Reads options. @throws ConfigError */
export function parseAdminConfig(options: object, logger: Logger): AdminConfig {
  const { values, isSet } = adminConfigTable.parse(options)
  const servers = values.bootstrapServers.length
  const controllers = values.bootstrapControllers.length
  if (servers === 0 && controllers === 0) {
    throw new ConfigError('bootstrapServers (bootstrap.servers) has to be given, or bootstrapControllers')
  }
  if (servers > 0 && controllers > 0) {
    throw new ConfigError('bootstrapServers and bootstrapControllers exclude each other: give one of them')
  }
  const { requestTimeoutMs } = values
  let { defaultApiTimeoutMs } = values
  if (defaultApiTimeoutMs < requestTimeoutMs) {
    if (isSet('defaultApiTimeoutMs')) {
      throw new ConfigError(
        `defaultApiTimeoutMs has to be at least requestTimeoutMs, ${requestTimeoutMs}, got ${defaultApiTimeoutMs}`,
      )
    }
    logger.warn('defaultApiTimeoutMs was raised to requestTimeoutMs', { defaultApiTimeoutMs: requestTimeoutMs })
    defaultApiTimeoutMs = requestTimeoutMs
  }
  const bootstrapServers = servers > 0 ? values.bootstrapServers : values.bootstrapControllers
  return { ...values, defaultApiTimeoutMs, bootstrapServers, clientRack: '' }
}
