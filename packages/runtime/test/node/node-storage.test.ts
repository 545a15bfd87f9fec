import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { NodeStorage } from '../../src/node/index.ts'
import { storageConformance } from '../../src/testing/storage-conformance.ts'

describe('NodeStorage', () => {
  storageConformance(test, {
    open: () => ({ storage: new NodeStorage(), directory: mkdtempSync(join(tmpdir(), 'odradek-storage-')) }),
    close: ({ directory }) => rmSync(directory, { recursive: true, force: true }),
  })
})
