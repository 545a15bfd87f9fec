import { sharedApacheVariable, startTarget, targetMissing, targetNames } from './targets.ts'

/** Starts the one Apache Kafka that all test files of the whole suite share; vitest calls what is returned at the end. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!targetNames().includes('apache') || targetMissing('apache') !== undefined) return undefined
  const apache = await startTarget('apache')
  process.env[sharedApacheVariable] = apache.bootstrap
  return async () => await apache[Symbol.asyncDispose]()
}
