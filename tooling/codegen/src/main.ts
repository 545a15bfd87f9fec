/**
 * Writes packages/protocol/src/generated from packages/protocol/schema.
 * With `--check` nothing is written: files that differ are listed, and the exit code is 1 when there are any.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from './generate.ts'

const protocol = fileURLToPath(new URL('../../../packages/protocol', import.meta.url))
const target = join(protocol, 'src/generated')
const files = generate(join(protocol, 'schema'))

const existing = existsSync(target) ? readdirSync(target, { recursive: true, encoding: 'utf8' }) : []
const stale = existing
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !files.has(path))
const drifted = [...files].filter(([path, text]) => readText(join(target, path)) !== text).map(([path]) => path)

if (process.argv.includes('--check')) {
  for (const path of [...drifted, ...stale].sort())
    console.error(`packages/protocol/src/generated/${path} is not up to date`)
  if (drifted.length + stale.length > 0) {
    console.error('Run `npm run generate -w @odradek/codegen` and commit the result.')
    process.exitCode = 1
  }
} else {
  for (const path of stale) rmSync(join(target, path))
  for (const path of drifted) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), files.get(path) ?? '')
  }
  console.log(`${files.size} files, ${drifted.length} written, ${stale.length} removed`)
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
