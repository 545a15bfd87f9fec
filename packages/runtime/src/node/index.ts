export { NodeClock, type NodeClockOptions } from './node-clock.ts'
export { NodeStorage } from './node-storage.ts'
