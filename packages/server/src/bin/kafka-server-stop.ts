#!/usr/bin/env node
import { runServerStopProcess } from '../server-stop-process.ts'

runServerStopProcess()
