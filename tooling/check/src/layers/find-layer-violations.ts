import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { layerRules } from './layer-rules.ts'
import { layers } from './layers.ts'

/** An import (or a package) that breaks a rule of `layerRules`. */
export interface LayerViolation {
  readonly rule: string
  /** The importing file, relative to the root. */
  readonly from: string
  /** What it imports; for a circle the files on the way. */
  readonly to: string
  readonly remedy: string
}

/** Looks at every import of the workspace at `root` (types too) and tells those that break a rule, in order of their files. */
export async function findLayerViolations(root: string): Promise<readonly LayerViolation[]> {
  const workspaces = ['packages', 'apps', 'tooling', 'tests'].filter((name) => existsSync(join(root, name)))
  const { output } = await cruise(
    workspaces,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: layerRules() },
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(node_modules/(?!@odradek)|dist|fixtures|generated)(/|$)' },
      skipAnalysisNotInRules: true,
    },
    { conditionNames: ['@odradek/source', 'types', 'import', 'node', 'default'], exportsFields: ['exports'] },
  )
  if (typeof output === 'string') throw new Error(output)
  const found = output.summary.violations.map((violation) => ({
    rule: violation.rule.name,
    from: violation.from,
    to: violation.cycle?.map(({ name }) => name).join(' -> ') ?? violation.to,
    remedy: layerRules().find(({ name }) => name === violation.rule.name)?.comment ?? '',
  }))
  return [...unplacedPackages(root), ...found].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

function unplacedPackages(root: string): readonly LayerViolation[] {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')) && !layers.flat().includes(name))
    .map((name) => ({
      rule: 'placed-in-a-layer',
      from: `packages/${name}`,
      to: 'tooling/check/src/layers/layers.ts',
      remedy: 'name the layer of the new package in that table',
    }))
}
