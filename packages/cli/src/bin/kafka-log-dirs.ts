#!/usr/bin/env node
import { loadCommand } from '../command/commands.ts'
import { main } from '../command/main.ts'

await main(() => loadCommand('kafka-log-dirs'))
