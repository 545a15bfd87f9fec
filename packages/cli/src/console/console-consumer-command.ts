import { Consumer, type ConsumerRecord, consumerConfigTable } from '@odradek/consumer'
import { NodeClock } from '@odradek/runtime/node'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { interruptedExitCode } from '../command/interrupted.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { isBrokenPipe } from '../command/standard-output.ts'
import { warnOfConnections } from './connection-warnings.ts'
import {
  type ConsoleConsumerInvocation,
  consoleConsumerUsage,
  readConsoleConsumerOptions,
} from './console-consumer-usage.ts'
import { consoleLogger } from './console-logger.ts'
import { knownProperties } from './key-values.ts'

const protocolMessage =
  'The consumer rebalance protocol (KIP-848) is production-ready! Set group.protocol=consumer to try it out. See https://kafka.apache.org/documentation/#consumer_rebalance_protocol\n'
const idleMs = 60_000

/** `kafka-console-consumer`: prints the records of topics. */
export const consoleConsumerCommand: Command = {
  name: 'kafka-console-consumer',
  summary: 'Print the records of topics',
  examples: consoleConsumerUsage.examples,
  async run(args, io) {
    const invocation = await readConsoleConsumerOptions(args, io)
    const known = new Set(consumerConfigTable.names)
    const properties = knownProperties(invocation.consumerProperties, { knows: (name) => known.has(name), err: io.err })
    const consumer = new Consumer({
      ...consumerConfigTable.fromProperties(properties),
      keyDeserializer: null,
      valueDeserializer: null,
      logger: consoleLogger(io.err),
    })
    warnOfConnections(consumer.hooks, io.err)
    tellOfProtocol(invocation, io)
    const printing = new Printing(consumer, invocation, io)
    try {
      start(consumer, invocation)
      await printing.run()
    } finally {
      await printing.close()
      io.err(`Processed a total of ${printing.count} messages\n`)
      if (invocation.tellsEvents && !isBrokenPipe(printing.failure)) await io.out('shutdown_complete\n')
    }
    return io.signal.aborted ? interruptedExitCode(io.signal) : 0
  },
}

function tellOfProtocol({ partition, consumerProperties }: ConsoleConsumerInvocation, io: CommandIo): void {
  const protocol = consumerProperties.get('group.protocol')
  if (partition === undefined && (protocol === undefined || protocol.toLowerCase() === 'classic'))
    io.err(protocolMessage)
}

function start(consumer: Consumer, { topic, include, partition, start: at }: ConsoleConsumerInvocation): void {
  if (topic === undefined) {
    consumer.subscribe(new RegExp(`^(?:${include})$`, 'u'))
  } else if (partition === undefined) {
    consumer.subscribe([topic])
  } else {
    const only = { topic, partition }
    consumer.assign([only])
    if (at === 'earliest') consumer.seekToBeginning([only])
    else if (at === 'latest') consumer.seekToEnd([only])
    else consumer.seek({ ...only, offset: at })
  }
}

/** Records on their way from the consumer to standard output. */
class Printing {
  readonly #consumer: Consumer
  readonly #invocation: ConsoleConsumerInvocation
  readonly #io: CommandIo
  readonly #clock = new NodeClock()
  #unread: ConsumerRecord[] = []
  /** Records that were printed or skipped. */
  count = 0
  /** Why the output takes no more. */
  failure: unknown

  constructor(consumer: Consumer, invocation: ConsoleConsumerInvocation, io: CommandIo) {
    this.#consumer = consumer
    this.#invocation = invocation
    this.#io = io
  }

  /** Prints until there have been enough, none come for too long, one cannot be printed, or the user ends it. */
  async run(): Promise<void> {
    while (this.#wantsMore()) {
      try {
        if (!(await this.#receive())) break
        if (!(await this.#print())) break
      } catch (error) {
        if (this.#io.signal.aborted) break
        if (isBrokenPipe(error)) {
          this.failure = error
          this.#io.err('Unable to write to standard out, closing consumer.\n')
          break
        }
        this.#terminating(error)
        break
      }
    }
  }

  /** Ends the consumer. What was fetched and not printed is left to whoever reads on in the group. Kafka: `resetUnconsumedOffsets`. */
  async close(): Promise<void> {
    const first = new Map<string, ConsumerRecord>()
    for (const record of this.#unread) {
      const key = `${record.topic}-${record.partition}`
      if (!first.has(key)) first.set(key, record)
    }
    const assigned = new Set(this.#consumer.assignment().map(({ topic, partition }) => `${topic}-${partition}`))
    for (const [key, { topic, partition, offset }] of first) {
      if (assigned.has(key)) this.#consumer.seek({ topic, partition, offset })
    }
    await this.#consumer.close()
  }

  #wantsMore(): boolean {
    const { maxMessages } = this.#invocation
    return !this.#io.signal.aborted && (maxMessages === -1 || this.count < maxMessages)
  }

  /** Waits for records; false when none came in time. */
  async #receive(): Promise<boolean> {
    const { timeoutMs } = this.#invocation
    const startMs = this.#clock.monotonicMs()
    while (this.#unread.length === 0) {
      const elapsedMs = this.#clock.monotonicMs() - startMs
      if (timeoutMs >= 0 && elapsedMs > timeoutMs) {
        this.#io.err(
          'ERROR Error processing message, terminating consumer process:\norg.apache.kafka.common.errors.TimeoutException\n',
        )
        return false
      }
      const waitMs = timeoutMs < 0 ? idleMs : Math.max(1, timeoutMs - elapsedMs)
      this.#unread = [...(await this.#consumer.poll({ timeoutMs: waitMs, signal: this.#io.signal }))]
    }
    return true
  }

  /** Prints what there is, as one piece; false when a record could not be printed and that ends the command. */
  async #print(): Promise<boolean> {
    const chunks: Uint8Array[] = []
    let goesOn = true
    let printed = 0
    for (const record of this.#unread) {
      if (!this.#wantsMore() || !goesOn) break
      this.count++
      printed++
      try {
        for (const part of this.#invocation.formatter(record)) chunks.push(Buffer.from(part as string))
      } catch (error) {
        goesOn = this.#invocation.skipsErrors
        if (goesOn) this.#io.err(`ERROR Error processing message, skipping this message:\n${executionMessage(error)}\n`)
        else this.#terminating(error)
      }
    }
    this.#unread = this.#unread.slice(printed)
    if (chunks.length > 0) await this.#io.out(Buffer.concat(chunks))
    return goesOn
  }

  #terminating(error: unknown): void {
    this.#io.err(`ERROR Error processing message, terminating consumer process:\n${executionMessage(error)}\n`)
  }
}
