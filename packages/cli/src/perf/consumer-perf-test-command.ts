import { Consumer, consumerConfigTable, type TopicPartition } from '@odradek/consumer'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { interruptedExitCode } from '../command/interrupted.ts'
import { warnOfConnections } from '../console/connection-warnings.ts'
import { consoleLogger } from '../console/console-logger.ts'
import { knownProperties } from '../console/key-values.ts'
import { type ConsumerPerfTest, consumerPerfTestUsage, readConsumerPerfTest } from './consumer-perf-test-usage.ts'
import { decimals, formatDate } from './java-format.ts'
import { metricLines } from './metric-lines.ts'

const pollMs = 100
const megabyte = 1024 * 1024
const fetchColumns = ', rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec'

/** `kafka-consumer-perf-test`: how many records a second a consumer gets from the cluster. */
export const consumerPerfTestCommand: Command = {
  name: 'kafka-consumer-perf-test',
  summary: 'Measure how fast records come from the cluster',
  examples: consumerPerfTestUsage.examples,
  async run(args, io) {
    const test = await readConsumerPerfTest(args, io)
    for (const remark of test.remarks) await io.out(`${remark}\n`)
    if (!test.hidesHeader) await io.out(`${headerOf(test)}${fetchColumns}\n`)
    const known = new Set(consumerConfigTable.names)
    const properties = knownProperties(test.properties, { knows: (name) => known.has(name), err: io.err })
    await using consumer = new Consumer({
      ...consumerConfigTable.fromProperties(properties),
      keyDeserializer: null,
      valueDeserializer: null,
      logger: consoleLogger(io.err),
    })
    if (test.printsMetrics) consumer.metrics()
    warnOfConnections(consumer.hooks, io.err)
    const measured = new Measured(consumer, test, io)
    await measured.run()
    if (!test.showsDetails) await io.out(measured.total())
    if (test.printsMetrics) await io.out(metricLines(consumer.metrics()))
    await consumer.close()
    return io.signal.aborted ? interruptedExitCode(io.signal) : 0
  },
}

function headerOf({ showsDetails }: ConsumerPerfTest): string {
  return showsDetails
    ? 'time, threadId, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec'
    : 'start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec'
}

interface Progress {
  readonly bytes: number
  readonly records: number
  readonly atMs: number
}

/** One run: reads, and counts what comes and how long the group took to give out its partitions. */
class Measured {
  readonly #consumer: Consumer
  readonly #test: ConsumerPerfTest
  readonly #io: CommandIo
  readonly #startMs = Date.now()
  #bytes = 0
  #records = 0
  #joinStartMs = this.#startMs
  #joinMs = 0
  #joinMsInRound = 0
  #endMs = 0
  readonly #assigned = new Set<string>()

  constructor(consumer: Consumer, test: ConsumerPerfTest, io: CommandIo) {
    this.#consumer = consumer
    this.#test = test
    this.#io = io
  }

  async run(): Promise<void> {
    const { records, timeoutMs, topic, include } = this.#test
    this.#consumer.subscribe(topic === undefined ? new RegExp(`^(?:${include})$`, 'u') : [topic], {
      onPartitionsAssigned: (partitions) => this.#assignedTo(partitions),
      onPartitionsRevoked: (partitions) => this.#revoked(partitions),
    })
    let nowMs = Date.now()
    let lastReport: Progress = { bytes: 0, records: 0, atMs: nowMs }
    let lastConsumedMs = nowMs
    while (this.#records < records && nowMs - lastConsumedMs <= timeoutMs && !this.#io.signal.aborted) {
      const polled = await this.#consumer.poll({ timeoutMs: pollMs })
      nowMs = Date.now()
      if (!polled.isEmpty) lastConsumedMs = nowMs
      for (const record of polled) {
        this.#records++
        this.#bytes += record.dataBytes
        if (nowMs - lastReport.atMs < this.#test.reportingIntervalMs) continue
        if (this.#test.showsDetails) await this.#io.out(this.#progress(lastReport, nowMs))
        this.#joinMsInRound = 0
        lastReport = { bytes: this.#bytes, records: this.#records, atMs: nowMs }
      }
    }
    if (this.#records < records) {
      await this.#io.out(
        `WARNING: Exiting before consuming the expected number of records: timeout (${timeoutMs} ms) exceeded. You can use the --timeout option to increase the timeout.\n`,
      )
    }
    this.#endMs = Date.now()
  }

  /** The line at the end. */
  total(): string {
    const { dateFormat } = this.#test
    const elapsedMs = this.#endMs - this.#startMs
    const seconds = elapsedMs / 1000
    const fetchMs = elapsedMs - this.#joinMs
    const megabytes = this.#bytes / megabyte
    return `${[
      formatDate(dateFormat, this.#startMs),
      formatDate(dateFormat, this.#endMs),
      decimals(megabytes, 4),
      decimals(megabytes / seconds, 4),
      this.#records,
      decimals(this.#records / seconds, 4),
      this.#joinMs,
      fetchMs,
      decimals(megabytes / (fetchMs / 1000), 4),
      decimals(this.#records / (fetchMs / 1000), 4),
    ].join(', ')}\n`
  }

  #progress(last: Progress, nowMs: number): string {
    const elapsedMs = nowMs - last.atMs
    const fetchMs = elapsedMs - this.#joinMsInRound
    const megabytes = (this.#bytes - last.bytes) / megabyte
    const records = this.#records - last.records
    return `${[
      formatDate(this.#test.dateFormat, nowMs),
      0,
      decimals(this.#bytes / megabyte, 4),
      decimals((1000 * megabytes) / elapsedMs, 4),
      this.#records,
      decimals((1000 * records) / elapsedMs, 4),
      this.#joinMsInRound,
      fetchMs,
      decimals(fetchMs <= 0 ? 0 : (1000 * megabytes) / fetchMs, 4),
      decimals(fetchMs <= 0 ? 0 : (1000 * records) / fetchMs, 4),
    ].join(', ')}\n`
  }

  #assignedTo(partitions: readonly TopicPartition[]): void {
    if (this.#assigned.size === 0) {
      const joinMs = Date.now() - this.#joinStartMs
      this.#joinMs += joinMs
      this.#joinMsInRound += joinMs
    }
    for (const { topic, partition } of partitions) this.#assigned.add(`${topic}-${partition}`)
  }

  #revoked(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#assigned.delete(`${topic}-${partition}`)
    if (this.#assigned.size === 0) this.#joinStartMs = Date.now()
  }
}
