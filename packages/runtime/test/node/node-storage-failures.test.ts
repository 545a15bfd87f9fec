import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StorageError } from '../../src/index.ts'
import { NodeStorage } from '../../src/node/index.ts'

describe('failures of the host', () => {
  test('a failed writeFile leaves no temporary file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-storage-'))
    const storage = new NodeStorage()
    storage.makeDirectory(`${directory}/taken/inner`)
    expect(thrown(() => storage.writeFile(`${directory}/taken`, new Uint8Array(1)))).toBeInstanceOf(StorageError)
    expect(storage.list(directory).map(({ name }) => name)).toEqual(['taken'])
    rmSync(directory, { recursive: true })
  })

  test('a position beyond 4 GiB is written and read where it says', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-storage-'))
    const file = new NodeStorage().open(`${directory}/sparse`)
    const far = 5 * 2 ** 30
    file.truncate(far)
    expect(file.append([Uint8Array.of(1, 2, 3)])).toBe(far)
    expect([await file.read(far + 1, 9), file.size]).toEqual([Uint8Array.of(2, 3), far + 3])
    expect(statSync(file.path).size).toBe(far + 3)
    file.close()
    rmSync(directory, { recursive: true })
  })
})

function thrown(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}
