#!/usr/bin/env node
import { main } from '../command/main.ts'

await main(async () => (await import('../perf/consumer-perf-test-command.ts')).consumerPerfTestCommand)
