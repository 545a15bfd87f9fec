/**
 * The layers, lowest first. A package imports from the rows above its own in this table, never from its own row or a later one;
 * `ARCHITECTURE.md` draws the same picture. A new package takes its place here first.
 */
export const layers: readonly (readonly string[])[] = [
  ['protocol'],
  ['strategies', 'runtime'],
  ['client', 'coordinator', 'log', 'quorum'],
  ['producer', 'consumer', 'admin', 'broker-core'],
  ['server', 'testkit'],
  ['cli', 'postgres', 'kafkajs'],
]
