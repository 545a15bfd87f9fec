/**
 * Typed event hooks: what a core does, for metrics, traces, the playground and tests to read. An event without a listener costs
 * one look-up: write `hooks.has('rolled') && hooks.emit('rolled', { ... })` where building the event is not free.
 */
export class Hooks<Events extends object> {
  readonly #listeners = new Map<PropertyKey, Set<(event: never) => void>>()

  /** Calls `listener` for each event of that name; returns the function that ends it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name)
    }
  }

  /** True when somebody listens to that name. */
  has(name: keyof Events): boolean {
    return this.#listeners.has(name)
  }

  /** Tells the listeners, in the order they came. A listener must not throw. */
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined) return
    for (const listener of listeners) (listener as (event: Events[Name]) => void)(event)
  }
}
