#!/usr/bin/env node
import { main } from '../command/main.ts'

await main(async () => (await import('../topics/topics-command.ts')).topicsCommand)
