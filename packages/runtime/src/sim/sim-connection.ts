import { type Address, type Connection, type ConnectionHandlers, TransportError } from '../transport.ts'
import type { NetworkLinks, StreamEnd } from './network-links.ts'

/** Bytes that may be on the way or wait at the receiver; what is more waits at the sender. */
const windowBytes = 128 * 1024
/** More than this at the sender makes `write` answer false. */
const highWaterBytes = 64 * 1024

/** How long a host sends again before it gives a connection up; Linux's `tcp_retries2` comes to about that. */
const patienceMs = 15 * 60_000

/** What travels, in order. */
type Item = Uint8Array | 'fin' | 'reset'

/**
 * One end of a simulated stream. Each end keeps what it has yet to send (`#queue`), what is on its way to the peer (`#flight`),
 * and what has arrived and is not yet taken by the handlers (`#inbox`).
 */
export class SimConnection implements Connection, StreamEnd {
  readonly local: Address
  readonly remote: Address
  readonly #network: NetworkLinks<SimConnection>
  readonly #id: string
  #peer: SimConnection | undefined
  #handlers: ConnectionHandlers | undefined
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  readonly #flight: Item[] = []
  /** Arrivals that found the way blocked and wait for it to be freed. */
  #stalled = 0
  /** Bytes sent that the peer's handlers have not yet taken. */
  #unconsumed = 0
  #lastArrivalMs = 0
  #inbox: Item[] = []
  #paused = false
  #needsDrain = false
  #ending: 'no' | 'queued' | 'sent' = 'no'
  #remoteEnded = false
  #state: 'open' | 'closed' = 'open'
  /** The network has forgotten the stream: what this end sends vanishes. */
  #lost = false
  #closeError: Error | undefined
  #closeTold = false
  /** Something was sent to a closed end, and how that ends is under way. */
  #finding = false

  constructor(
    network: NetworkLinks<SimConnection>,
    id: string,
    ends: { readonly local: Address; readonly remote: Address },
  ) {
    this.#network = network
    this.#id = id
    this.local = ends.local
    this.remote = ends.remote
  }

  /** Makes the two the ends of one stream. */
  join(peer: SimConnection): void {
    this.#peer = peer
    peer.#peer = this
  }

  get pendingBytes(): number {
    return this.#queuedBytes
  }

  start(handlers: ConnectionHandlers): void {
    if (this.#handlers !== undefined) throw new Error('the handlers are set already')
    this.#handlers = handlers
    this.#soon('start', () => {
      this.#deliver()
      this.#tellClose()
    })
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#state === 'closed' || this.#ending !== 'no') return false
    for (const chunk of chunks) {
      if (chunk.length === 0) continue
      this.#queue.push(new Uint8Array(chunk))
      this.#queuedBytes += chunk.length
    }
    this.#send()
    this.#needsDrain ||= this.#queuedBytes > highWaterBytes
    return !this.#needsDrain
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#soon('resume', () => this.#deliver())
  }

  end(): void {
    if (this.#state === 'closed' || this.#ending !== 'no') return
    this.#ending = 'queued'
    this.#send()
  }

  destroy(error?: Error): void {
    if (this.#state === 'closed') return
    // A host that closes a socket tells the peer with an end or a reset, according to what it had read.
    this.#abandon(this.#network.random.chance(0.5) ? 'fin' : 'reset')
    this.#close(error)
  }

  /** The process of this end died; its host tells the peer when it still can. */
  abort(peerIsTold: boolean): void {
    if (this.#state === 'closed') return
    if (peerIsTold) this.#abandon('reset')
    this.#closeTold = true
    this.#close(undefined)
  }

  /** The connection is reset from outside, and this end learns of it now. */
  reset(): void {
    if (this.#state === 'closed') return
    this.#close(new TransportError('reset', this.remote))
  }

  /** From now on nothing arrives and nobody is told. */
  lose(): void {
    this.#lost = true
  }

  /** A blocked direction was freed: what waited for it goes on its way. */
  wayFreed(): void {
    if (this.#stalled > 0 && !this.#network.isBlocked(this.local.host, this.remote.host)) {
      const stalled = this.#stalled
      this.#stalled = 0
      for (let index = 0; index < stalled; index++) this.#travel()
      if (this.#state === 'closed') this.#network.forget(this)
    }
  }

  /** Puts as much of the queue on its way as the window allows. */
  #send(): void {
    const { splitRate } = this.#network.link(this.local.host, this.remote.host)
    while (this.#queue.length > 0 && this.#unconsumed < windowBytes) {
      const chunk = this.#queue[0]!
      let length = Math.min(chunk.length, windowBytes - this.#unconsumed)
      if (length > 1 && this.#network.random.chance(splitRate)) length = 1 + this.#network.random.nextInt(length - 1)
      if (length === chunk.length) this.#queue.shift()
      else this.#queue[0] = chunk.subarray(length)
      this.#queuedBytes -= length
      this.#unconsumed += length
      this.#dispatch(chunk.subarray(0, length))
    }
    if (this.#needsDrain && this.#queuedBytes === 0) {
      this.#needsDrain = false
      this.#soon('drain', () => this.#state !== 'closed' && this.#handlers?.drain?.())
    }
    if (this.#ending === 'queued' && this.#queue.length === 0) {
      this.#ending = 'sent'
      this.#dispatch('fin')
      if (this.#remoteEnded) this.#close(undefined)
    }
  }

  #dispatch(item: Item): void {
    this.#flight.push(item)
    this.#travel()
  }

  /** One more item will arrive; which one the order of the flight says. */
  #travel(): void {
    const { timeline } = this.#network
    const wanted = timeline.elapsedMs + this.#network.latencyMs(this.local.host, this.remote.host)
    this.#lastArrivalMs = Math.max(wanted, this.#lastArrivalMs)
    const label = `net ${this.#id} ${this.local.host}>${this.remote.host}`
    timeline.schedule(this.#lastArrivalMs - timeline.elapsedMs, label, () => {
      if (this.#network.isBlocked(this.local.host, this.remote.host)) this.#stall()
      else this.#arrive(this.#flight.shift()!)
    })
  }

  /** The arrival waits; the network must know this end, closed or not, to tell it when the way is freed. */
  #stall(): void {
    this.#stalled++
    this.#network.remember(this)
  }

  #arrive(item: Item): void {
    const peer = this.#peer!
    this.#network.timeline.note(typeof item === 'string' ? item : `${item.length} bytes`)
    if (this.#lost) return
    if (peer.#state === 'closed') this.#meetClosedPeer(item)
    else if (typeof item === 'string' || !this.#strikes(item)) peer.#take(item)
  }

  /** The link resets the connection after a part of the chunk, when chance says so. */
  #strikes(chunk: Uint8Array): boolean {
    const peer = this.#peer!
    const { random } = this.#network
    const { resetRate, halfOpenRate } = this.#network.link(this.local.host, this.remote.host)
    if (!random.chance(resetRate)) return false
    const [first, second] = random.chance(0.5) ? [this, peer] : [peer, this]
    // An end that sends nothing more could never learn that it is alone, so only one that may still write is left so.
    const leavesAlone = second.#ending === 'no' && first.#state === 'open' && random.chance(halfOpenRate)
    const told: readonly SimConnection[] = leavesAlone ? [first] : [this, peer]
    peer.#take(chunk.subarray(0, random.nextInt(chunk.length)))
    for (const end of told) end.reset()
    // What this end has on its way behind the lost bytes must not arrive: a stream has no gaps.
    if (told.includes(this)) this.#lost = true
    return true
  }

  /** Nobody has the connection at the other end any more: its host answers with a reset, if it has power and the way is free. */
  #meetClosedPeer(item: Item): void {
    if (item === 'reset' || this.#finding) return
    // An orderly end that meets an end that was orderly closed is the ordinary case, and no reset.
    if (item === 'fin' && this.#peer!.#closeError === undefined && this.#peer!.#ending === 'sent') return
    this.#finding = true
    this.#findOut(this.#network.timeline.elapsedMs, this.#network.latencyMs(this.remote.host, this.local.host))
  }

  /** Sends again and again, as TCP does, until an answer comes or patience ends. */
  #findOut(sinceMs: number, delayMs: number): void {
    const { timeline } = this.#network
    timeline.schedule(delayMs, `net ${this.#id} reset`, () => {
      if (this.#state === 'closed' || this.#lost) return
      const { local, remote } = this
      const isFree =
        !this.#network.isBlocked(local.host, remote.host) && !this.#network.isBlocked(remote.host, local.host)
      if (isFree && this.#network.hosts.isReachable(remote.host)) this.reset()
      else if (timeline.elapsedMs - sinceMs > patienceMs) this.#close(new TransportError('timed-out', remote))
      else this.#findOut(sinceMs, Math.min(Math.max(delayMs * 2, 200), 10_000))
    })
  }

  #take(item: Item): void {
    if (item === 'reset') {
      this.reset()
    } else if (item.length > 0) {
      this.#inbox.push(item)
      this.#deliver()
    }
  }

  #deliver(): void {
    const handlers = this.#handlers
    while (handlers !== undefined && !this.#paused && this.#state !== 'closed') {
      const item = this.#inbox.shift()
      if (item === undefined) return
      if (typeof item === 'string') this.#remoteEnd()
      else {
        this.#acknowledge(item.length)
        handlers.data(item)
      }
    }
  }

  /** Tells the sender that its window is free again. A blocked way back is not modelled: the window is then freed at once. */
  #acknowledge(bytes: number): void {
    const peer = this.#peer!
    if (peer.#queue.length === 0) {
      peer.#unconsumed -= bytes
      return
    }
    const delayMs = this.#network.latencyMs(this.local.host, this.remote.host)
    this.#network.timeline.schedule(delayMs, `net ${this.#id} window`, () => {
      peer.#unconsumed -= bytes
      if (peer.#state === 'open') peer.#send()
    })
  }

  /** The peer takes nothing more: what waits for its window goes on its way and finds out. */
  #probeSoon(): void {
    if (this.#state === 'closed') return
    const delayMs = this.#network.latencyMs(this.remote.host, this.local.host)
    this.#network.timeline.schedule(delayMs, `net ${this.#id} probe`, () => {
      this.#unconsumed = 0
      if (this.#state === 'open') this.#send()
    })
  }

  /** The peer has ended its direction: ours ends too, after what is queued. */
  #remoteEnd(): void {
    this.#remoteEnded = true
    if (this.#ending === 'sent') this.#close(undefined)
    else this.end()
  }

  /** Forgets what is queued; the peer gets `last` after what is on its way. */
  #abandon(last: 'fin' | 'reset'): void {
    this.#queue = []
    this.#queuedBytes = 0
    if (this.#ending !== 'sent' || last === 'reset') this.#dispatch(last)
    this.#ending = 'sent'
  }

  #close(error: Error | undefined): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#closeError = error
    this.#queue = []
    this.#queuedBytes = 0
    this.#inbox = []
    this.#peer!.#probeSoon()
    if (this.#stalled === 0) this.#network.forget(this)
    this.#soon('close', () => this.#tellClose())
  }

  #tellClose(): void {
    if (this.#state !== 'closed' || this.#handlers === undefined || this.#closeTold) return
    this.#closeTold = true
    this.#handlers.close(this.#closeError)
  }

  #soon(what: string, run: () => void): void {
    this.#network.timeline.schedule(0, `net ${this.#id} ${this.local.host} ${what}`, run)
  }
}
