#!/usr/bin/env node
import { runStorageProcess } from '../storage/storage-process.ts'

runStorageProcess()
