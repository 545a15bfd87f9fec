import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { findLayerViolations } from '../src/layers/find-layer-violations.ts'

const fixtures = resolve(import.meta.dirname, '../fixtures/layers')

/** Copies a fixture tree to a place of its own and links it as `npm install` would: workspaces by name, npm packages as empty ones. */
async function installed(tree: string, links: readonly string[], npmPackages: readonly string[]) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'odradek-layers-')))
  await cp(join(fixtures, tree), root, { recursive: true })
  const modules = join(root, 'node_modules')
  await mkdir(join(modules, '@odradek'), { recursive: true })
  for (const link of links) {
    await symlink(join(root, link), join(modules, '@odradek', link.slice(link.indexOf('/') + 1)))
  }
  for (const name of npmPackages) {
    await mkdir(join(modules, name))
    await writeFile(join(modules, name, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    await writeFile(join(modules, name, 'index.js'), 'module.exports = {}\n')
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

test('a tree whose imports point down through exports maps, with types alone in circles, has no violation', async () => {
  const links = ['packages/protocol', 'packages/runtime', 'packages/log', 'apps/playground']
  await using tree = await installed('clean', links, ['snappy'])
  expect(await findLayerViolations(tree.root)).toEqual([])
})

test('each way to break the layers is found and named', async () => {
  const packages = ['packages/protocol', 'packages/log', 'packages/quorum', 'packages/gossip']
  await using tree = await installed(
    'violating',
    [...packages, 'apps/playground', 'tooling/codegen'],
    ['left-pad', 'vitest'],
  )
  const violations = await findLayerViolations(tree.root)
  expect(violations.map(({ rule, from, to }) => `${rule}: ${from} -> ${to}`).sort()).toEqual([
    'layers-point-down: packages/protocol/src/index.ts -> packages/log/src/index.ts',
    'no-cycles: packages/log/src/index.ts -> packages/log/src/roll.ts -> packages/log/src/index.ts',
    'no-deep-imports: packages/log/src/index.ts -> packages/protocol/src/index.ts',
    'no-sibling-imports: packages/log/src/index.ts -> packages/quorum/src/index.ts',
    'nothing-imports-apps: packages/quorum/src/index.ts -> apps/playground/src/index.ts',
    'placed-in-a-layer: packages/gossip -> tooling/check/src/layers/layers.ts',
    'protocol-stands-alone: packages/protocol/src/index.ts -> node_modules/left-pad/index.js',
    'published-without-dev-dependencies: packages/log/src/index.ts -> node_modules/vitest/index.js',
    'published-without-tooling: packages/quorum/src/index.ts -> apps/playground/src/index.ts',
    'published-without-tooling: packages/quorum/src/index.ts -> tooling/codegen/src/index.ts',
    'resolvable: packages/quorum/src/index.ts -> @odradek/protocol/src/hidden.ts',
  ])
  expect(violations.filter(({ remedy }) => remedy === '')).toEqual([])
})
