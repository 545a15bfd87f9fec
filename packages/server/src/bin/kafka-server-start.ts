#!/usr/bin/env -S node --max-semi-space-size=2 --initial-heap-size=96
// A broker makes little garbage of objects and much of buffers, which V8 answers with full collections of a heap that has not
// changed. A small young generation frees buffers early, and a heap that counts as large from the start is not collected for them.
import { createRequire } from 'node:module'
import { NodeStorage } from '@odradek/runtime/node'
import { runServerStart } from '../server-start-command.ts'

const { version }: { version: string } = createRequire(import.meta.url)('../../package.json')

const stopped = new Promise<string>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      resolve(signal)
      // Whoever asks a second time does not want to wait for a clean end.
      process.once(signal, () => process.exit(1))
    })
  }
})

process.exitCode = await runServerStart(process.argv.slice(2), {
  storage: new NodeStorage(),
  version,
  isTerminal: process.stderr.isTTY === true,
  stopped,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
})
