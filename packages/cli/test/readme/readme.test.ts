import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'

const bins = fileURLToPath(new URL('../../src/bin/', import.meta.url))
const page = fileURLToPath(new URL('../../README.md', import.meta.url))

/** A line behind `$ `, and what the page shows below it. */
interface Example {
  readonly line: string
  readonly shown: readonly string[]
}

function examplesOf(text: string): readonly Example[] {
  const blocks = [...text.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block]) => block!)
  return blocks.flatMap((block) =>
    block.split(/^\$ /m).flatMap((part) => {
      const [line = '', ...shown] = part.trimEnd().split('\n')
      return line === '' ? [] : [{ line, shown }]
    }),
  )
}

/** Standard output of a line, run in a directory of its own. */
function outputOf([name = '', ...args]: readonly string[], input: string, cwd: string): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=@odradek/source', `${bins}${name}.ts`, ...args], { cwd })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.resume()
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', () => resolve(stdout)))
}

/** Lines without ids, times and measured numbers. */
function masked(lines: readonly string[], isMeasured: boolean): readonly string[] {
  return lines.map((line) => {
    const text = line
      .trimEnd()
      .replace(/(ID: |ClusterId: +|"directoryId": ")[\w-]{22}/, '$1ID')
      .replace(/(CreateTime: |crc: |Epoch: |HighWatermark: +)\d+/g, '$1N')
    return isMeasured ? text.replace(/\d+(\.\d+)?/g, 'N') : text
  })
}

/** What of an output stands where the page shows it: `...` stands for any lines. */
function shownPart(output: readonly string[], shown: readonly string[]): readonly string[] {
  if (!shown.includes('...')) return output
  const wanted = shown.filter((line) => line !== '...')
  const at = output.indexOf(wanted[0]!)
  return shown.flatMap((line) => (line === '...' ? [line] : [output[at + wanted.indexOf(line)] ?? '']))
}

test('the examples of the page show what the commands print', { timeout: 120_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'odradek-readme-'))
  try {
    await using broker = await startBroker({ dataDir: join(dir, 'logs') })
    for (const { line, shown } of examplesOf(await readFile(page, 'utf8'))) {
      if (line === 'cat delete.json') {
        await writeFile(join(dir, 'delete.json'), shown.join('\n'))
        continue
      }
      const isMeasured = line.includes('-perf-test')
      const words = line
        .replaceAll('localhost:9092', broker.bootstrap)
        .replaceAll('/tmp/kafka-logs', join(dir, 'logs'))
        .replaceAll('200000', '2000')
        .split(' ')
      const typed = shown.filter((text) => text.startsWith('>')).map((text) => `${text.slice(1)}\n`)
      const output = (await outputOf(words, typed.join(''), dir))
        .replaceAll(broker.bootstrap, 'localhost:9092')
        .replaceAll(join(dir, 'logs'), '/tmp/kafka-logs')
        .trimEnd()
        .split('\n')
      const expected = masked(typed.length > 0 ? [''] : shown, isMeasured)
      expect({ line, output: shownPart(masked(output, isMeasured), expected) }).toEqual({ line, output: expected })
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
