import { type Invocation, invocationsOf } from './invocation.ts'

const consumer = invocationsOf('kafka-console-consumer')
const producer = invocationsOf('kafka-console-producer')
const consumerPerf = invocationsOf('kafka-consumer-perf-test')
const producerPerf = invocationsOf('kafka-producer-perf-test')
const isBare = true
const isProcess = true
const printed = ['timestamp', 'partition', 'offset', 'key', 'headers'].map((part) => {
  return `--formatter-property print.${part}=true`
})

/** What is asked of the commands that send and read records, and of those that measure it. */
export const consoleInvocations: readonly Invocation[] = [
  consumer('--topic orders --partition 0 --offset earliest --max-messages 2', { isProcess }),
  consumer(`--topic orders --partition 0 --offset 3 --max-messages 2 ${printed.join(' ')}`, { isProcess }),
  consumer('--topic orders --partition 1 --offset 1 --timeout-ms 2000', { isProcess }),
  consumer('--topic orders --partition 2 --offset latest --timeout-ms 500', { isProcess }),
  consumer('', { isProcess }),
  consumer('--topic orders', { isBare, isProcess }),
  consumer('--topic orders --offset 3', { isProcess }),
  consumer('--topic orders --partition 0 --offset yesterday', { isProcess }),
  consumer('--topic orders --partition 0 --offset -3', { isProcess }),
  consumer('--topic orders --partition 0 --offset 1 --from-beginning', { isProcess }),
  consumer('--topic orders --include .*', { isProcess }),
  consumer('--topic orders --max-messages many', { isProcess }),
  producer('', { isProcess }),
  producer('--topic orders', { isBare, isProcess }),
  producer('--topic orders --nonsense', { isProcess }),
  consumerPerf('', { isProcess }),
  consumerPerf('--topic orders', { isProcess }),
  producerPerf('', { isProcess }),
  producerPerf('--topic orders', { isProcess }),
  producerPerf('--topic orders --num-records 1 --record-size 1 --payload-file f --throughput 1', { isProcess }),
  producerPerf('--topic orders --num-records many --record-size 1 --throughput 1', { isProcess }),
]
