import { type PackageManifest, readManifest, sourceCondition, sourceEntries } from '../package-manifest.ts'
import type { Rule } from '../rule.ts'
import type { Tree } from '../tree.ts'

/** What every published package's `package.json` says, as rows: the place, what stands there, what should. */
export const packageShapeRule: Rule = {
  name: 'package-shape',
  why: 'published packages are alike',
  remedy: 'take packages/runtime/package.json as the model',
  *check(file, tree) {
    if (!/^packages\/[^/]+\/package\.json$/.test(file.path)) return
    const manifest = readManifest(file)
    if (manifest.private === true) return
    const directory = file.path.split('/')[1] ?? ''
    const faults = [
      ...fieldFaults(manifest, directory),
      ...exportFaults(manifest),
      ...dependencyFaults(manifest, tree),
      ...sourceEntries(file)
        .filter(({ path }) => tree.file(path) === undefined)
        .map(({ entry, path }) => `exports["${entry}"] names ${path}, which is not there`),
    ]
    for (const found of faults) yield { line: 1, found }
  },
}

function fieldFaults(manifest: PackageManifest, directory: string): readonly string[] {
  const rows: readonly (readonly [field: string, actual: unknown, expected: unknown])[] = [
    ['name', manifest.name, `@odradek/${directory}`],
    ['license', manifest.license, 'Apache-2.0'],
    ['type', manifest.type, 'module'],
    ['sideEffects', manifest.sideEffects, false],
    ['engines.node', manifest.engines?.['node'], '>=22.15'],
    ['scripts.build', manifest.scripts?.['build'], 'tsup'],
    ['description', (manifest.description ?? '') !== '', true],
    ['files with dist', manifest.files?.includes('dist') ?? false, true],
    ['files with src', manifest.files?.includes('src') ?? false, true],
    ['scripts.package-health', manifest.scripts?.['package-health'] !== undefined, true],
  ]
  return rows
    .filter(([, actual, expected]) => actual !== expected)
    .map(([field, actual, expected]) => `${field} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`)
}

function exportFaults({ exports = {} }: PackageManifest): readonly string[] {
  const expected = [sourceCondition, 'types', 'default'].join(', ')
  return Object.entries(exports).flatMap(([entry, target]) => {
    const conditions = typeof target === 'string' ? undefined : Object.keys(target).join(', ')
    if (entry === './package.json' || conditions === expected) return []
    return [`exports["${entry}"] has the conditions ${conditions ?? 'none'}, expected ${expected} in this order`]
  })
}

function dependencyFaults(manifest: PackageManifest, tree: Tree): readonly string[] {
  const { name, dependencies = {} } = manifest
  if (name === '@odradek/protocol' && Object.keys(dependencies).length > 0) {
    return [`dependencies ${Object.keys(dependencies).join(', ')}; protocol has none`]
  }
  return Object.entries(dependencies).flatMap(([dependency, range]) => {
    if (!dependency.startsWith('@odradek/')) return []
    const other = tree.file(`packages/${dependency.slice('@odradek/'.length)}/package.json`)
    const version = other === undefined ? undefined : readManifest(other).version
    return version === range ? [] : [`depends on ${dependency} ${range}, which is at ${version ?? 'no version'}`]
  })
}
