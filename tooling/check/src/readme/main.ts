/**
 * `npm run generate` writes the tables of the root README from the packages, the schemas and the handlers; with `--check`
 * (`npm test -- --only readme`) it writes nothing and fails when they differ from what stands there.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { apiKeyList } from '@odradek/protocol'
import { compatibilityTable } from './compatibility-table.ts'
import { fillMarkers } from './fill-markers.ts'
import { type PackageRow, packageTable } from './package-table.ts'

const root = resolve(import.meta.dirname, '../../../..')
const readme = join(root, 'README.md')

function filesOf(path: string): readonly string[] {
  return existsSync(join(root, path)) ? readdirSync(join(root, path)) : []
}

function packageRow(directory: string): readonly PackageRow[] {
  const path = join(root, 'packages', directory, 'package.json')
  if (!existsSync(path) || !existsSync(join(root, 'packages', directory, 'src', 'index.ts'))) return []
  const { name, description } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; description: string }
  return [{ directory, name, description }]
}

const before = readFileSync(readme, 'utf8')
const compatibility = compatibilityTable(apiKeyList, {
  schemas: filesOf('packages/protocol/schema'),
  handlers: filesOf('packages/broker-core/src/handlers'),
})
const packages = packageTable(filesOf('packages').flatMap(packageRow))
const after = fillMarkers(fillMarkers(before, 'packages', packages), 'compatibility', compatibility)

if (!process.argv.includes('--check')) writeFileSync(readme, after)
else if (after !== before) {
  process.stdout.write('README.md: the tables are not what packages, schemas and handlers say; run npm run generate\n')
  process.exitCode = 1
}
