import { errors, Reader } from '@odradek/protocol'
import { type ApiVersionsResponse, apiVersionsRequest, apiVersionsResponse } from '@odradek/protocol/messages'
import type { KafkaConnection } from './kafka-connection.ts'
import { KafkaError } from './kafka-error.ts'

/** The versions of one API that a broker serves. */
export interface ApiVersionRange {
  readonly minVersion: number
  readonly maxVersion: number
}

/** What is known before the broker is asked. */
export interface NegotiationOptions {
  readonly timeoutMs: number
  /** Told to the broker, which refuses when it has others (`metadata.cluster.check.enable`); null and -1 when not known. */
  readonly clusterId: string | null
  readonly nodeId: number
}

/** Kafka allows letters, digits, dot and hyphen in both. */
const software = { clientSoftwareName: 'odradek', clientSoftwareVersion: '0.1.0' }

/**
 * Asks what the broker serves. A broker that does not know the version of the question answers in version 0 with error 35 and its own
 * range, and is asked again in what it knows (KIP-511).
 */
export async function negotiateVersions(connection: KafkaConnection, options: NegotiationOptions): Promise<void> {
  const newest = apiVersionsRequest.maxVersion
  let answer = await ask(connection, newest, options)
  if (answer.errorCode === errors.UNSUPPORTED_VERSION.code) {
    const known = answer.apiKeys.find(({ apiKey }) => apiKey === apiVersionsRequest.apiKey)?.maxVersion ?? 0
    answer = await ask(connection, Math.min(known, newest), options)
  }
  if (answer.errorCode !== 0) throw KafkaError.fromCode(answer.errorCode, { api: 'ApiVersions' })
  connection.setVersions(new Map(answer.apiKeys.map((range) => [range.apiKey, range] as const)))
}

async function ask(
  connection: KafkaConnection,
  version: number,
  { timeoutMs, clusterId, nodeId }: NegotiationOptions,
): Promise<ApiVersionsResponse> {
  const body = version < 3 ? {} : { ...software, ...(version < 5 ? {} : { clusterId, nodeId }) }
  return await connection.request(apiVersionsApi, body, { timeoutMs, version })
}

/** The answer is in version 0 whatever was asked when its first field says so; nothing else is read as version 0 by mistake. */
const apiVersionsApi = {
  request: apiVersionsRequest,
  response: {
    ...apiVersionsResponse,
    read(reader: Reader, version: number): ApiVersionsResponse {
      const unsupported = new Reader(reader.bytes, reader.position, reader.end).readInt16()
      return apiVersionsResponse.read(reader, unsupported === errors.UNSUPPORTED_VERSION.code ? 0 : version)
    },
  },
}
