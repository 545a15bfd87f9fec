#!/usr/bin/env node
import { runOdradek } from '../odradek/run-odradek.ts'

await runOdradek()
