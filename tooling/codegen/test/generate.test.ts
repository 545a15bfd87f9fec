import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { generate } from '../src/generate.ts'

const protocol = fileURLToPath(new URL('../../../packages/protocol', import.meta.url))

describe('generated code', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codegen-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('is what the schemas say, and nothing else is beside it', () => {
    const files = generate(join(protocol, 'schema'))
    const target = join(protocol, 'src/generated')
    const existing = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
    expect(existing.sort()).toEqual([...files.keys()].sort())
    for (const [path, text] of files) expect(readFileSync(join(target, path), 'utf8') === text, path).toBe(true)
  })

  test('reads a field in its versions only, and refuses to write it in others unless it is ignorable', () => {
    const schema = 'data X, versions 0-1\n  a: int32 1\n  b: string 1, ignorable\n'
    writeFileSync(join(folder, 'x.schema'), schema)
    const text = generate(folder).get('x.ts') ?? ''
    expect(functionOf(text, 'readX')).toBe(`function readX(reader: Reader, version: number): X {
  if (!(version >= 0 && version <= 1)) throw unsupportedVersion(x, version)
  const value = newX()
  let at = ''
  try {
    if (version === 1) {
      at = 'a'
      value.a = reader.readInt32()
    }
    if (version === 1) {
      at = 'b'
      value.b = reader.readString(false)
    }
  } catch (error) {
    throw atField(error, at)
  }
  return value
}
`)
    expect(functionOf(text, 'writeX')).toBe(`function writeX(writer: Writer, value: Input<X>, version: number): void {
  if (!(version >= 0 && version <= 1)) throw unsupportedVersion(x, version)
  let at = ''
  try {
    if (version === 1) {
      at = 'a'
      writer.writeInt32(value.a ?? 0)
    } else if (value.a !== undefined && value.a !== 0) {
      at = 'a'
      throw notInVersion(version)
    }
    if (version === 1) {
      at = 'b'
      writer.writeString(value.b ?? '', false)
    }
  } catch (error) {
    throw atField(error, at)
  }
}
`)
  })

  test('refuses two structs of one name', () => {
    writeFileSync(join(folder, 'x.schema'), 'data X, versions 0\n\ndata X, versions 0\n')
    expect(() => generate(folder)).toThrow('two structs would be called X')
  })
})

function functionOf(text: string, name: string): string {
  const start = text.indexOf(`function ${name}(`)
  return text.slice(start, text.indexOf('\n}\n', start) + 3)
}
