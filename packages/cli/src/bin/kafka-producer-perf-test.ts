#!/usr/bin/env node
import { main } from '../command/main.ts'

await main(async () => (await import('../perf/producer-perf-test-command.ts')).producerPerfTestCommand)
