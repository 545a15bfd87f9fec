#!/usr/bin/env node
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
