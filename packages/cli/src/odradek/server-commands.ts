import { runServerProcess, runServerStopProcess, runStorageProcess } from '@odradek/server/process'
import { kafkaVersion } from '../command/kafka-version.ts'
import type { ServerCommandName } from './command-list.ts'

/** Runs a command of `@odradek/server` in this process, and sets its exit code. */
export async function runServerCommand(name: Exclude<ServerCommandName, 'zookeeper-server-start'>): Promise<void> {
  if (name === 'kafka-server-start') await runServerProcess(kafkaVersion)
  else if (name === 'kafka-server-stop') runServerStopProcess()
  else runStorageProcess()
}
