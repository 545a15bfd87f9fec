/**
 * A call about many items, such as the offsets of many partitions. Each round finds out which node every item belongs to, asks each node
 * once for all of its items, and keeps what moved or failed in a passing way for the next round. It ends when every item has a value or an
 * error; what the deadline cuts off has REQUEST_TIMED_OUT. Kafka: `AdminApiDriver`.
 */
import { type Api, asKafkaError, type BrokerNode, KafkaError } from '@odradek/client'
import type { Input } from '@odradek/protocol'
import type { AdminCall, CallOptions, Target } from './admin-call.ts'
import type { AdminCore } from './admin-core.ts'
import type { Result, Results } from './results.ts'

/** How the node of an item is found. */
export interface Route<Item> {
  /**
   * The node of each item by its name, or why it has none: an error that is retriable leaves the item for the next round.
   * @throws KafkaError when nothing could be found out
   */
  locate(call: AdminCall, items: ReadonlyMap<string, Item>): Promise<ReadonlyMap<string, Target | KafkaError>>
  /** Errors that say that the item is at another node by now. */
  readonly movedOn: ReadonlySet<string>
  /** Errors after which the same node is asked again. */
  readonly retryOn: ReadonlySet<string>
}

/** What a request was about. */
export interface Sent<Item> {
  /** The items of the request by their names. */
  readonly items: ReadonlyMap<string, Item>
  readonly version: number
  readonly call: AdminCall
  /** Who is asked. */
  readonly node: BrokerNode
}

/** What is asked about items, and how the answer is read. */
export interface ItemPlan<Item, Value, Request extends object, Response extends object> {
  /** The name of the call, as in Kafka. */
  readonly name: string
  readonly api: Api<Request, Response>
  readonly route: Route<NoInfer<Item>>
  request(items: readonly Item[], sent: Sent<Item>): Input<Request>
  /** What the answer says, by the names of items. */
  read(response: Response, sent: Sent<Item>): Iterable<readonly [name: string, result: Result<Value>]>
  /** Errors that are tried again although the route would not. */
  readonly retryOn?: ReadonlySet<string>
  /** Items of a request at most; all of a node when left out. */
  itemsPerRequest?(version: number): number
}

/** Runs a plan. @throws KafkaError when it was aborted or the client is closed */
export function forEachItem<Item, Value, Request extends object, Response extends object>(
  core: AdminCore,
  plan: ItemPlan<Item, Value, Request, Response>,
  { items, options }: { readonly items: ReadonlyMap<string, Item>; readonly options: CallOptions },
): Promise<Results<Value>> {
  return core.run(plan.name, options, (call) => askForItems(call, plan, items))
}

/** Runs a plan within a call. */
export async function askForItems<Item, Value, Request extends object, Response extends object>(
  call: AdminCall,
  plan: ItemPlan<Item, Value, Request, Response>,
  items: ReadonlyMap<string, Item>,
): Promise<Results<Value>> {
  const rounds = new ItemRounds(call, plan, items)
  for (let failures = 0; ; failures++) {
    try {
      await call.within(rounds.next(failures >= call.core.config.retries))
      if (rounds.isDone) break
      await call.pause(failures)
    } catch (error) {
      if (!call.isTimeout(error)) throw error
      rounds.failAll(error)
      break
    }
  }
  return rounds.results()
}

/** Items by their names. */
export function named<Item>(items: Iterable<Item>, name: (item: Item) => string): Map<string, Item> {
  const map = new Map<string, Item>()
  for (const item of items) map.set(name(item), item)
  return map
}

class ItemRounds<Item, Value, Request extends object, Response extends object> {
  readonly #call: AdminCall
  readonly #plan: ItemPlan<Item, Value, Request, Response>
  readonly #items: ReadonlyMap<string, Item>
  readonly #pending: Map<string, Item>
  readonly #places = new Map<string, Target>()
  readonly #results = new Map<string, Result<Value>>()
  #isLast = false

  constructor(call: AdminCall, plan: ItemPlan<Item, Value, Request, Response>, items: ReadonlyMap<string, Item>) {
    this.#call = call
    this.#plan = plan
    this.#items = items
    this.#pending = new Map(items)
  }

  get isDone(): boolean {
    return this.#pending.size === 0
  }

  /** In the order in which the items were given. */
  results(): Results<Value> {
    const results = new Map<string, Result<Value>>()
    for (const name of this.#items.keys()) results.set(name, this.#results.get(name)!)
    return results
  }

  failAll(error: KafkaError): void {
    for (const name of [...this.#pending.keys()]) this.#settle(name, { error })
  }

  async next(isLast: boolean): Promise<void> {
    this.#isLast = isLast
    await this.#locate()
    const requests = [...this.#groups()].map(([target, names]) => this.#ask(target, names))
    await Promise.all(requests)
  }

  async #locate(): Promise<void> {
    const lost = new Map([...this.#pending].filter(([name]) => !this.#places.has(name)))
    if (lost.size === 0) return
    try {
      const found = await this.#plan.route.locate(this.#call, lost)
      for (const [name, place] of found) {
        if (place instanceof KafkaError) this.#failed(name, place, place.retriable)
        else this.#places.set(name, place)
      }
    } catch (thrown) {
      this.#thrown(thrown, [...lost.keys()])
    }
  }

  *#groups(): Generator<readonly [Target, readonly string[]]> {
    const groups = new Map<Target, string[]>()
    for (const name of this.#pending.keys()) {
      const place = this.#places.get(name)
      if (place === undefined) continue
      const group = groups.get(place)
      if (group === undefined) groups.set(place, [name])
      else group.push(name)
    }
    yield* groups
  }

  async #ask(target: Target, names: readonly string[]): Promise<void> {
    const call = this.#call
    const { api } = this.#plan
    try {
      call.apiNameOf(api)
      const node = await call.node(target)
      const connection = await call.within(node.connect())
      const version = connection.versionOf(api)
      const most = this.#plan.itemsPerRequest?.(version) ?? names.length
      const parts: Promise<void>[] = []
      for (let start = 0; start < names.length; start += most) {
        const items = new Map(names.slice(start, start + most).map((name) => [name, this.#items.get(name)!] as const))
        parts.push(this.#askOnce({ items, version, call, node }))
      }
      await Promise.all(parts)
    } catch (thrown) {
      this.#thrown(thrown, names)
    }
  }

  async #askOnce(sent: Sent<Item>): Promise<void> {
    const { items, call, node } = sent
    const { api, name } = this.#plan
    try {
      const { response } = await call.request(node, api, () => this.#plan.request([...items.values()], sent))
      const unanswered = new Set(items.keys())
      for (const [item, result] of this.#plan.read(response, sent)) {
        if (unanswered.delete(item)) this.#take(item, result)
      }
      for (const item of unanswered) {
        const message = `${name}: the answer says nothing of ${item}`
        this.#settle(item, { error: new KafkaError('UNKNOWN_SERVER_ERROR', message) })
      }
    } catch (thrown) {
      this.#thrown(thrown, [...items.keys()])
    }
  }

  #take(item: string, result: Result<Value>): void {
    if (result.error === undefined) {
      this.#settle(item, result)
      return
    }
    const { route, retryOn } = this.#plan
    const { code } = result.error
    const hasMoved = route.movedOn.has(code)
    if (hasMoved) this.#places.delete(item)
    this.#failed(item, result.error, hasMoved || route.retryOn.has(code) || retryOn?.has(code) === true)
  }

  /** A request that failed as a whole: its items look for their node anew, or end when no retry can mend it. */
  #thrown(thrown: unknown, names: readonly string[]): void {
    const error = asKafkaError(thrown, 'PROTOCOL_VIOLATION')
    if (this.#call.isEnd(error)) throw error
    for (const item of names) {
      this.#places.delete(item)
      this.#failed(item, error, error.retriable)
    }
  }

  #failed(item: string, error: KafkaError, mayPass: boolean): void {
    if (mayPass && !this.#isLast) this.#call.noteFailure(error)
    else this.#settle(item, { error })
  }

  #settle(item: string, result: Result<Value>): void {
    this.#pending.delete(item)
    this.#results.set(item, result)
  }
}
