/**
 * The one shape of an answer about many things: a Map from the name of each thing that was asked for to its value or its error. One topic
 * that fails does not make a call reject: the others were done, and whoever called has to be able to see which. A call rejects only when
 * nothing can be said of any item: the options are wrong, the client is closed, the signal was aborted.
 */
import type { KafkaError } from '@odradek/client'

/** What became of one item: `if (result.error === undefined) use(result.value)`. */
export type Result<Value> =
  | { readonly value: Value; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: KafkaError }

/**
 * What became of each item, in the order asked. The name is what the item is called: the topic, the group, `orders-0` for a partition
 * (`partitionName`), `TOPIC:orders` for the resource of a config, the id of a broker, the position in what was given where nothing else is unique.
 */
export type Results<Value, Name extends string | number = string> = ReadonlyMap<Name, Result<Value>>

/** The values alone. @throws KafkaError the first item's that failed */
export function valuesOf<Value, Name extends string | number>(results: Results<Value, Name>): Map<Name, Value> {
  const values = new Map<Name, Value>()
  for (const [name, result] of results) {
    if (result.error !== undefined) throw result.error
    values.set(name, result.value)
  }
  return values
}

/** The value of the only item. @throws KafkaError that of the item */
export function onlyValue<Value>(results: Results<Value, string | number>): Value {
  for (const { value, error } of results.values()) {
    if (error !== undefined) throw error
    return value as Value
  }
  throw new RangeError('there is no result')
}
