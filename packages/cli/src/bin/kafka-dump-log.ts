#!/usr/bin/env node
import { main } from '../command/main.ts'

await main(async () => (await import('../dump-log/dump-log-command.ts')).dumpLogCommand)
