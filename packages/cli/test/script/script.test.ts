import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Admin } from '@odradek/admin'
import { startBroker } from '@odradek/server'
import { expect, test } from 'vitest'
import { pageAddress, type ScriptLine, scriptLines } from './script-lines.ts'

const bins = fileURLToPath(new URL('../../src/bin/', import.meta.url))

/** Runs a line in a process of its own. Its port is the broker's, which is a free one: nothing else of the line is changed. */
function runLine({ line, input = '', until, groupId, shows }: ScriptLine, bootstrapServers: string) {
  const [name, ...args] = line.replaceAll(pageAddress, bootstrapServers).split(' ')
  const child = spawn(process.execPath, ['--conditions=@odradek/source', `${bins}${name}.ts`, ...args])
  let stdout = ''
  let stderr = ''
  const interrupt = () => child.kill('SIGINT')
  if (groupId !== undefined) untilCommitted(bootstrapServers, groupId).then(interrupt, interrupt)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (until === 'interrupted' && shows.every((shown) => stdout.includes(shown)) && shows.length > 0) interrupt()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  child.stdin.end(input)
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

/** Resolves when the group has committed an offset, which a member without records does some seconds after it knows where it stands. */
async function untilCommitted(bootstrapServers: string, groupId: string): Promise<void> {
  await using admin = new Admin({ bootstrapServers })
  for (;;) {
    const { value } = (await admin.listConsumerGroupOffsets([groupId])).get(groupId) ?? {}
    if (value !== undefined && value.size > 0) return
    await delay(20)
  }
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
