#!/usr/bin/env -S node --max-semi-space-size=2 --initial-heap-size=48
// The flags are those of the command in the server's own package, where they are explained.
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runServerCommand } = await import('../odradek/server-commands.ts')
await runServerCommand('kafka-server-start')
