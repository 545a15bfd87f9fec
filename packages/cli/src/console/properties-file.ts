import { readProperties } from '@odradek/client'
import type { CommandIo } from '../command/command-io.ts'
import { failure, type Properties } from './key-values.ts'

/** A file of properties, none when no file is named. Kafka: `Utils.loadProps`. @throws CommandExit when it cannot be read */
export async function readPropertiesFile(path: string | undefined, io: CommandIo): Promise<Properties> {
  if (path === undefined) return new Map()
  try {
    return new Map(readProperties(await io.readFile(path)))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw isMissing ? failure(`java.nio.file.NoSuchFileException: ${path}`) : error
  }
}
