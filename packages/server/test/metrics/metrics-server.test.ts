import { expect, test } from 'vitest'
import { serveMetrics } from '../../src/metrics/metrics-server.ts'

const source = {
  collect: () => [{ name: 'up', type: 'gauge', help: 'Up.', samples: [{ value: 1 }] } as const],
}

test('metrics are served at /metrics as text, and nothing anywhere else', async () => {
  const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, [source, source])
  const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  try {
    const metrics = await at('/metrics')
    expect([metrics.status, metrics.headers.get('content-type'), await metrics.text()]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      '# HELP up Up.\n# TYPE up gauge\nup 1\n'.repeat(2),
    ])
    expect([(await at('/')).status, (await at('/metrics', 'POST')).status]).toEqual([404, 405])
  } finally {
    await server.close()
  }
})

test('a port that is taken refuses the start', async () => {
  const first = await serveMetrics({ host: '127.0.0.1', port: 0 }, [])
  try {
    await expect(serveMetrics({ host: '127.0.0.1', port: first.port }, [])).rejects.toThrow('EADDRINUSE')
  } finally {
    await first.close()
  }
})
