import { NodeClock } from '@odradek/runtime/node'

/** Milliseconds since the epoch. */
export function now(): number {
  return new NodeClock().now()
}
