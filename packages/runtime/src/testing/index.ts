export type { Conformance, ConformanceTarget, RegisterTest } from './conformance.ts'
export { type StorageSubject, storageConformance } from './storage-conformance.ts'
