#!/usr/bin/env node
const { runServerCommand } = await import('../odradek/server-commands.ts')
await runServerCommand('kafka-server-stop')
