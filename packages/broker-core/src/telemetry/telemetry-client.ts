import type { RequestContext } from '../connection/request-context.ts'
import type { TelemetryClient } from './client-telemetry.ts'

/** What subscriptions can select the sender of a request by. */
export function telemetryClientOf({
  clientId,
  connection,
}: RequestContext): Omit<TelemetryClient, 'client_instance_id'> {
  return {
    client_id: clientId ?? '',
    client_software_name: connection.clientSoftwareName,
    client_software_version: connection.clientSoftwareVersion,
    client_source_address: connection.remote.host,
    client_source_port: String(connection.remote.port),
  }
}
