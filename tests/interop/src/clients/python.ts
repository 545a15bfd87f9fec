import { resolve } from 'node:path'
import type { ForeignClient } from '../foreign-client.ts'
import { LineDriver } from '../line-driver.ts'
import { pythonProgram } from '../runtimes.ts'
import { DrivenClient } from './driven-client.ts'

/** Starts the Python that holds Python's clients. */
export function startPythonDriver(): LineDriver {
  return new LineDriver(pythonProgram(), ['-B', resolve(import.meta.dirname, '../../python/driver.py')])
}

/** confluent-kafka (librdkafka) and aiokafka in one driver. */
export function pythonClients(driver: LineDriver): readonly ForeignClient[] {
  return [new DrivenClient(driver, 'confluent-kafka'), new DrivenClient(driver, 'aiokafka', { noNullPair: true })]
}
