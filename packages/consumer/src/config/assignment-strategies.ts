import { type ConfigRow, row } from '@odradek/client'
import {
  type Assignor,
  cooperativeStickyAssignor,
  rangeAssignor,
  roundRobinAssignor,
  stickyAssignor,
} from '@odradek/strategies'
import { z } from 'zod'

/** Makes an assignor for one consumer. */
export type AssignorFactory = () => Assignor

const assignors = {
  range: rangeAssignor,
  roundrobin: roundRobinAssignor,
  sticky: stickyAssignor,
  'cooperative-sticky': cooperativeStickyAssignor,
} as const

/** The assignors of Kafka by the names they have in the protocol. */
export type AssignorName = keyof typeof assignors

/** An assignor by its name, or of your own. */
export type AssignmentStrategy = AssignorName | AssignorFactory

const classNames: Readonly<Record<string, AssignorName>> = {
  'org.apache.kafka.clients.consumer.RangeAssignor': 'range',
  'org.apache.kafka.clients.consumer.RoundRobinAssignor': 'roundrobin',
  'org.apache.kafka.clients.consumer.StickyAssignor': 'sticky',
  'org.apache.kafka.clients.consumer.CooperativeStickyAssignor': 'cooperative-sticky',
}

/** A fresh assignor. */
export function createAssignor(strategy: AssignmentStrategy): Assignor {
  return typeof strategy === 'function' ? strategy() : assignors[strategy]()
}

const names = Object.keys(assignors) as [AssignorName, ...AssignorName[]]
const strategy = z.union([z.enum(names), z.custom<AssignorFactory>((given) => typeof given === 'function')])
const asList = (given: unknown) => (Array.isArray(given) || given === undefined ? given : [given])

/** The row of `partition.assignment.strategy`. */
export const assignmentStrategies: ConfigRow<
  readonly AssignmentStrategy[],
  AssignmentStrategy | readonly AssignmentStrategy[]
> = row({
  schema: z.preprocess(asList, z.array(strategy).min(1)) as unknown as z.ZodType<
    readonly AssignmentStrategy[],
    AssignmentStrategy | readonly AssignmentStrategy[]
  >,
  default: ['range', 'cooperative-sticky'] as readonly AssignmentStrategy[],
  doc: 'Assignors the members offer each other with the classic protocol, the best first; all members need one in common.',
  importance: 'medium',
  fromText: (text) => text.split(',').map((name) => classNames[name.trim()] ?? name.trim()),
  type: 'list of range \\| roundrobin \\| sticky \\| cooperative-sticky \\| function that makes an Assignor',
})
