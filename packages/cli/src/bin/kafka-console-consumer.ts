#!/usr/bin/env node
import { main } from '../command/main.ts'

await main(async () => (await import('../console/console-consumer-command.ts')).consoleConsumerCommand)
