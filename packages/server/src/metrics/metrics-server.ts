import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MetricsSource } from './metric-family.ts'
import { prometheusContentType, prometheusText } from './prometheus-text.ts'

/** An HTTP server with `/metrics` for Prometheus. */
export interface MetricsServer {
  readonly host: string
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

/** Serves the sources' metrics. Rejects when the address cannot be used. */
export async function serveMetrics(
  address: { readonly host: string; readonly port: number },
  sources: readonly MetricsSource[],
): Promise<MetricsServer> {
  // Loaded here, since HTTP takes 14 MiB of memory that a broker without a metrics listener does not need.
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const path = request.url?.split('?')[0]
    if (path !== '/metrics' || !isRead) {
      response.writeHead(path === '/metrics' ? 405 : 404, { 'content-type': 'text/plain' }).end('See /metrics\n')
      return
    }
    const text = sources.map((source) => prometheusText(source.collect())).join('')
    response.writeHead(200, { 'content-type': prometheusContentType }).end(request.method === 'HEAD' ? '' : text)
  })
  server.requestTimeout = 10_000
  const port = await listen(server, address)
  return { host: address.host, port, close: () => close(server) }
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
