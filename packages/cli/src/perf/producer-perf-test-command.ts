import { Producer, producerConfigTable } from '@odradek/producer'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { interruptedExitCode } from '../command/interrupted.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { warnOfConnections } from '../console/connection-warnings.ts'
import { consoleLogger } from '../console/console-logger.ts'
import { knownProperties } from '../console/key-values.ts'
import { metricLines } from './metric-lines.ts'
import { type Payloads, payloadsOf } from './payloads.ts'
import { type ProducerPerfTest, readProducerPerfTest } from './producer-perf-test-arguments.ts'
import { SendStats } from './send-stats.ts'

/** Bytes on their way beyond which a send waits, as Kafka's producer does when its memory is used up. */
const mostBytes = 32 * 1024 * 1024
/** Records sent before the event loop gets its turn. */
const turnRecords = 256

/** `kafka-producer-perf-test`: how many records a second a producer gets to the cluster, and how long each takes. */
export const producerPerfTestCommand: Command = {
  name: 'kafka-producer-perf-test',
  summary: 'Measure how fast records get to the cluster',
  examples: [
    'kafka-producer-perf-test --bootstrap-server localhost:9092 --topic test --num-records 100000 --record-size 1000 --throughput -1',
  ],
  async run(args, io) {
    const test = await readProducerPerfTest(args, io)
    const payloads = await payloadsOf(test, io)
    for (const remark of test.remarks) await io.out(`${remark}\n`)
    const known = new Set(producerConfigTable.names)
    const properties = knownProperties(test.properties, { knows: (name) => known.has(name), err: io.err })
    await using producer = new Producer({
      ...producerConfigTable.fromProperties(properties),
      logger: consoleLogger(io.err),
    })
    if (test.printsMetrics) producer.metrics()
    warnOfConnections(producer.hooks, io.err)
    await new Measured(producer, test, io).run(payloads)
    return io.signal.aborted ? interruptedExitCode(io.signal) : 0
  },
}

/** One run: sends, waits for room, and counts what is acknowledged. */
class Measured {
  readonly #producer: Producer
  readonly #test: ProducerPerfTest
  readonly #io: CommandIo
  readonly #stats: SendStats
  #steady: SendStats | undefined
  #bytes = 0
  #onRoom: (() => void) | undefined

  constructor(producer: Producer, test: ProducerPerfTest, io: CommandIo) {
    this.#producer = producer
    this.#test = test
    this.#io = io
    this.#stats = this.#statsOf(test.records, false)
  }

  async run(payloads: Payloads): Promise<void> {
    const { records, warmupRecords, printsMetrics } = this.#test
    if (warmupRecords > 0) {
      await this.#io.out(
        `Warmup first ${warmupRecords} records. Steady state results will print after the complete test summary.\n`,
      )
    }
    const startMs = Date.now()
    for (let index = 0; index < records && !this.#io.signal.aborted; index++) {
      if (warmupRecords > 0 && index === warmupRecords) {
        this.#steady = this.#statsOf(records - warmupRecords, true)
        this.#stats.suppressPrinting()
      }
      this.#send(payloads(index))
      await this.#turn(index, startMs)
    }
    await this.#producer.flush()
    const endMs = Date.now()
    for (const stats of [this.#stats, this.#steady]) {
      if (stats !== undefined) await this.#io.out(`${stats.total(endMs)}\n`)
    }
    if (printsMetrics) await this.#io.out(metricLines(this.#producer.metrics()))
  }

  #statsOf(records: number, isSteadyState: boolean): SendStats {
    const { reportingIntervalMs } = this.#test
    const out = (line: string) => void this.#io.out(`${line}\n`)
    return new SendStats({ records, reportingIntervalMs, isSteadyState, startMs: Date.now(), out })
  }

  #send(value: Uint8Array | string): void {
    const bytes = value.length
    const sentMs = Date.now()
    const steady = this.#steady
    this.#bytes += bytes
    this.#producer.send({ topic: this.#test.topic, value }).then(
      () => {
        const nowMs = Date.now()
        const measure = { latencyMs: nowMs - sentMs, bytes, nowMs }
        this.#stats.record(measure)
        steady?.record(measure)
        this.#settled(bytes)
      },
      (error: unknown) => {
        this.#io.err(`${executionMessage(error)}\n`)
        this.#settled(bytes)
      },
    )
  }

  #settled(bytes: number): void {
    this.#bytes -= bytes
    this.#onRoom?.()
    this.#onRoom = undefined
  }

  /** Lets others have their turn, waits while the producer is full, and when records go faster than they should. */
  async #turn(index: number, startMs: number): Promise<void> {
    if (index % turnRecords === turnRecords - 1) await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#bytes >= mostBytes) {
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve
      })
    }
    const { throughput } = this.#test
    if (throughput <= 0) return
    const aheadMs = ((index + 1) * 1000) / throughput - (Date.now() - startMs)
    if (aheadMs >= 1) await new Promise<void>((resolve) => setTimeout(resolve, aheadMs))
  }
}
