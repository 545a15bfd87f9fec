/**
 * The heartbeats of a classic member: one every `heartbeat.interval.ms` while the coordinator expects them, on timers alone, so that they
 * never wait for the application. When the session is over without an answer the coordinator is looked for again. Kafka: `Heartbeat`,
 * `HeartbeatThread`.
 */
import { asKafkaError, KafkaError } from '@odradek/client'
import { heartbeatRequest, heartbeatResponse } from '@odradek/protocol/messages'
import type { Generation } from './classic-member.ts'
import type { MembershipContext } from './membership-context.ts'

const heartbeatApi = { request: heartbeatRequest, response: heartbeatResponse }

/** What heartbeats are sent for. */
export interface ClassicHeartbeatOptions {
  readonly context: MembershipContext
  /** The generation to tell; undefined when none is expected now. */
  readonly generation: () => Generation | undefined
  /** The coordinator refused a heartbeat of that generation. */
  readonly onRefused: (error: KafkaError, generation: Generation) => void
}

/** Sends heartbeats; see the top of the file. */
export class ClassicHeartbeat {
  readonly #options: ClassicHeartbeatOptions
  readonly #timer: string
  #isSending = false
  #isRunning = false
  #lastAnsweredMs = 0

  constructor(options: ClassicHeartbeatOptions) {
    this.#options = options
    this.#timer = `heartbeat of ${options.context.groupId}`
  }

  /** Begins, or begins anew: the coordinator has just heard of the member. */
  start(): void {
    const { context } = this.#options
    this.#isRunning = true
    this.#lastAnsweredMs = this.#now()
    this.#schedule(context.config.heartbeatIntervalMs)
  }

  /** Sends no more. */
  stop(): void {
    this.#isRunning = false
    this.#options.context.core.context.clock.cancelTimer(this.#timer)
  }

  #schedule(delayMs: number): void {
    if (!this.#isRunning) return
    this.#options.context.core.context.clock.setTimer(this.#timer, delayMs, () => this.#beat())
  }

  #beat(): void {
    const { context, generation } = this.#options
    const sent = generation()
    if (sent === undefined) {
      this.#isRunning = false
      return
    }
    const { connection, config } = context
    const silentMs = this.#now() - this.#lastAnsweredMs
    if (silentMs > config.sessionTimeoutMs) {
      connection.markUnknown('the session timed out without an answer to a heartbeat')
    }
    this.#schedule(config.heartbeatIntervalMs)
    if (this.#isSending) return
    this.#isSending = true
    void this.#send(sent)
  }

  async #send(generation: Generation): Promise<void> {
    const { context, onRefused } = this.#options
    const { hooks, groupId, connection, config } = context
    const startMs = this.#now()
    try {
      await connection.find()
      const { generationId, memberId } = generation
      const body = { groupId, generationId, memberId, groupInstanceId: config.groupInstanceId }
      const { errorCode } = await connection.request(heartbeatApi, () => body)
      if (errorCode !== 0) throw KafkaError.fromCode(errorCode, { api: 'Heartbeat' })
      hooks.emit('heartbeat', { groupId, latencyMs: this.#now() - startMs, error: null })
      this.#lastAnsweredMs = this.#now()
    } catch (error) {
      const failure = asKafkaError(error, 'PROTOCOL_VIOLATION')
      if (failure.code === 'CLIENT_CLOSED') return
      hooks.emit('heartbeat', { groupId, latencyMs: this.#now() - startMs, error: failure.code })
      connection.noteError(failure)
      if (failure.retriable) this.#schedule(config.retryBackoffMs)
      else onRefused(failure, generation)
    } finally {
      this.#isSending = false
    }
  }

  #now(): number {
    return this.#options.context.core.context.clock.monotonicMs()
  }
}
