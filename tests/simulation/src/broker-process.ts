/** A broker as a process of its own, to be killed: `broker-process.ts <data directory>` prints its port and stops cleanly on SIGTERM. */
import { startBroker } from '@odradek/server'

const [dataDir] = process.argv.slice(2)
if (dataDir === undefined) throw new Error('usage: broker-process.ts <data directory>')
const config = {
  'log.flush.offset.checkpoint.interval.ms': 100,
  'log.flush.start.offset.checkpoint.interval.ms': 100,
  'replica.high.watermark.checkpoint.interval.ms': 50,
}
const broker = await startBroker({ dataDir, config })
process.once('SIGTERM', () => {
  broker.close().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exitCode = 1
  })
})
process.stdout.write(`${broker.port}\n`)
