import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { pageAddress, type ScriptLine, scriptLines } from './script-lines.ts'

const groupSettlesMs = 8_000
const bins = fileURLToPath(new URL('../../src/bin/', import.meta.url))

/** Runs a line in a process of its own. Its port is the broker's, which is a free one: nothing else of the line is changed. */
function runLine({ line, input = '', until, shows }: ScriptLine, bootstrapServers: string) {
  const [name, ...args] = line.replaceAll(pageAddress, bootstrapServers).split(' ')
  const child = spawn(process.execPath, ['--conditions=@odradek/source', `${bins}${name}.ts`, ...args])
  let stdout = ''
  let stderr = ''
  const interrupt = () => child.kill('SIGINT')
  // A consumer without records in sight is given the time in which its group comes together.
  const settled = until === 'interrupted' && shows.length === 0 ? setTimeout(interrupt, groupSettlesMs) : undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (until === 'interrupted' && shows.every((shown) => stdout.includes(shown)) && shows.length > 0) interrupt()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(input)
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (exitCode) => {
      clearTimeout(settled)
      resolve({ exitCode, stdout, stderr })
    })
  })
}

test('the lines of the page work as they stand, one after the other', { timeout: 240_000 }, async () => {
  await using broker = await startBroker()
  for (const line of scriptLines) {
    const { exitCode, stdout, stderr } = await runLine(line, broker.bootstrap)
    const expected = line.exitCode ?? (line.until === 'interrupted' ? 130 : 0)
    expect({ line: line.line, exitCode }, stdout + stderr).toEqual({ line: line.line, exitCode: expected })
    for (const shown of line.shows) expect(stdout, line.line).toContain(shown)
  }
})
