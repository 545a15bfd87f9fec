import { Producer, type ProducerRecord, producerConfigTable } from '@odradek/producer'
import type { Command } from '../command/command.ts'
import type { CommandIo } from '../command/command-io.ts'
import { interruptedExitCode } from '../command/interrupted.ts'
import { executionMessage } from '../command/kafka-failure.ts'
import { warnOfConnections } from './connection-warnings.ts'
import { consoleLogger } from './console-logger.ts'
import {
  type ConsoleProducerInvocation,
  consoleProducerUsage,
  readConsoleProducerOptions,
} from './console-producer-usage.ts'
import { inputLines } from './input-lines.ts'
import { knownProperties } from './key-values.ts'
import { LineMessageReader } from './line-message-reader.ts'

/** Lines are read no further while so many records are not acknowledged: the input may be larger than memory. */
const mostUnacknowledged = 20_000

/** `kafka-console-producer`: sends each line of standard input as a record. */
export const consoleProducerCommand: Command = {
  name: 'kafka-console-producer',
  summary: 'Send lines of standard input to a topic',
  examples: consoleProducerUsage.examples,
  async run(args, io) {
    const invocation = await readConsoleProducerOptions(args, io)
    for (const remark of invocation.remarks) await io.out(`${remark}\n`)
    const reader = new LineMessageReader(invocation.topic, invocation.readerProperties)
    const known = new Set(producerConfigTable.names)
    const properties = knownProperties(invocation.producerProperties, { knows: (name) => known.has(name), err: io.err })
    // Whatever ends the command, what was read before is sent: Kafka closes the producer in a hook of the process.
    await using producer = new Producer({
      ...producerConfigTable.fromProperties(properties),
      logger: consoleLogger(io.err),
    })
    warnOfConnections(producer.hooks, io.err)
    await sendLines(producer, reader, { invocation, io })
    return io.signal.aborted ? interruptedExitCode(io.signal) : 0
  },
}

interface Sending {
  readonly invocation: ConsoleProducerInvocation
  readonly io: CommandIo
}

async function sendLines(producer: Producer, reader: LineMessageReader, { invocation, io }: Sending): Promise<void> {
  const prompt = io.isTerminal && io.stdin.isTTY === true ? '>' : ''
  const sent = new SentRecords(producer, io)
  let lineNumber = 1
  await io.out(prompt)
  for await (const line of inputLines(io.stdin, io.signal)) {
    const record = reader.record(line, lineNumber)
    if (invocation.isSync) await sendOne(producer, record)
    else await sent.send(record)
    lineNumber++
    if (prompt !== '') await io.out(prompt)
  }
  await producer.flush()
}

async function sendOne(producer: Producer, record: ProducerRecord): Promise<void> {
  try {
    await producer.send(record)
  } catch (error) {
    throw new Error(executionMessage(error), { cause: error })
  }
}

/** Records on their way. One that fails is told on standard error, the others go on. Kafka: `ErrorLoggingCallback`. */
class SentRecords {
  readonly #producer: Producer
  readonly #io: CommandIo
  #unacknowledged = 0
  #onRoom: (() => void) | undefined

  constructor(producer: Producer, io: CommandIo) {
    this.#producer = producer
    this.#io = io
  }

  async send(record: ProducerRecord): Promise<void> {
    this.#unacknowledged++
    this.#producer.send(record).then(
      () => this.#settled(),
      (error: unknown) => {
        this.#tell(record, error)
        this.#settled()
      },
    )
    if (this.#unacknowledged < mostUnacknowledged) return
    await new Promise<void>((resolve) => {
      this.#onRoom = resolve
    })
  }

  #settled(): void {
    this.#unacknowledged--
    this.#onRoom?.()
    this.#onRoom = undefined
  }

  #tell({ topic, key, value }: ProducerRecord, error: unknown): void {
    const about = `topic ${topic} with key: ${sizeOf(key)}, value: ${sizeOf(value)}`
    this.#io.err(`ERROR Error when sending message to ${about} with error:\n${executionMessage(error)}\n`)
  }
}

function sizeOf(data: unknown): string {
  return data === null || data === undefined ? 'null' : `${Buffer.byteLength(data as string)} bytes`
}
