#!/usr/bin/env node
import { main } from '../command/main.ts'

await main(async () => (await import('../console/console-producer-command.ts')).consoleProducerCommand)
