#!/usr/bin/env node
import { NodeClock, NodeRandom, NodeStorage } from '@odradek/runtime/node'
import { runStorageTool } from '../storage/storage-tool.ts'

process.exitCode = runStorageTool(process.argv.slice(2), {
  storage: new NodeStorage(),
  random: new NodeRandom(),
  clock: new NodeClock(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
})
