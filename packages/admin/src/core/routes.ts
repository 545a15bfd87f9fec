import type { KafkaError } from '@odradek/client'
import type { ErrorName } from '@odradek/protocol'
import type { Target } from './admin-call.ts'
import type { Route } from './item-call.ts'

/** A set of Kafka's error names. */
export function errorNames(...names: readonly ErrorName[]): ReadonlySet<string> {
  return new Set(names)
}

/** Every item to the controller, found anew when it has changed. */
export const toController: Route<unknown> = fixed(() => 'controller', errorNames('NOT_CONTROLLER'))

/** Each item to a node that it names. */
export function toNode<Item>(target: (item: Item) => Target): Route<Item> {
  return fixed(target, errorNames())
}

function fixed<Item>(target: (item: Item) => Target, retryOn: ReadonlySet<string>): Route<Item> {
  return {
    locate: async (_, items) =>
      new Map<string, Target | KafkaError>([...items].map(([name, item]) => [name, target(item)])),
    movedOn: errorNames(),
    retryOn,
  }
}
