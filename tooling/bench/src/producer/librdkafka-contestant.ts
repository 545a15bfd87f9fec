import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ProducerContestant } from './contestant.ts'
import { outstandingSends, type ProducerMeasurement, poolSize, warmUpPart } from './workload.ts'

const run = promisify(execFile)
const source = resolve(import.meta.dirname, '../producer-client/librdkafka-producer.c')
let program: Promise<string> | undefined

/** librdkafka under a small C program, compiled here: Debian's packages have the library, but not its benchmark. */
export const librdkafkaContestant: ProducerContestant = {
  name: 'librdkafka (C)',
  async absence() {
    try {
      await compiled()
      return undefined
    } catch (error) {
      return `a C compiler or librdkafka-dev is missing (${(error as Error).message.split('\n')[0]})`
    }
  },
  refusal: () => undefined,
  async run({ bootstrap, topic, records, recordBytes, keyed, compression, mode }) {
    // As its own benchmark, it fills its queue where others have arrays of records outstanding.
    const outstanding = mode === 'many' ? 100_000 : outstandingSends[mode]
    const args = [bootstrap, topic, records, recordBytes, keyed ? 1 : 0, compression, outstanding, poolSize]
    const warmUp = Math.ceil(records * warmUpPart)
    const { stdout } = await run(await compiled(), [...args, warmUp, mode === 'awaited' ? 0 : 5].map(String))
    return JSON.parse(stdout) as ProducerMeasurement
  },
}

function compiled(): Promise<string> {
  program ??= (async () => {
    const binary = join(await mkdtemp(join(tmpdir(), 'odradek-librdkafka-')), 'producer')
    await run('cc', ['-O2', '-o', binary, source, '-lrdkafka'])
    return binary
  })()
  return program
}
