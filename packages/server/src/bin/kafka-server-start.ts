#!/usr/bin/env -S node --max-semi-space-size=2 --initial-heap-size=48
// A broker makes little garbage of objects and much of buffers, which V8 answers with full collections of a heap that has not
// changed. A small young generation frees buffers early, and a heap that counts as large from the start is not collected for them.
import { createRequire, enableCompileCache } from 'node:module'

const { version }: { version: string } = createRequire(import.meta.url)('../../package.json')

// The second start of a version finds its code compiled. This has to be said before the code is loaded, hence the import below.
enableCompileCache()
const { runServerProcess } = await import('../server-process.ts')
await runServerProcess(version)
