import type { IForbiddenRuleType } from 'dependency-cruiser'
import { layers } from './layers.ts'

/** dependency-cruiser's rules for the layers, the exports maps and what published code may lean on. */
export function layerRules(): IForbiddenRuleType[] {
  return [...layers.flatMap((names, level) => names.flatMap((name) => packageRules(name, level))), ...commonRules]
}

function packageRules(name: string, level: number): IForbiddenRuleType[] {
  const from = { path: packagePath([name]) }
  const siblings = (layers[level] ?? []).filter((other) => other !== name)
  const above = layers.slice(level + 1).flat()
  return [
    {
      name: 'layers-point-down',
      comment:
        'a package imports only from layers below its own: move what both need down, or meet in a higher package',
      from,
      to: { path: packagePath(above) },
    },
    {
      name: 'no-sibling-imports',
      comment: 'packages of one layer do not know each other: the layer above wires them together',
      from,
      to: { path: packagePath(siblings) },
    },
  ].filter(({ to }) => to.path !== packagePath([]))
}

function packagePath(names: readonly string[]): string {
  return `^packages/(${names.join('|')})/`
}

const commonRules: readonly IForbiddenRuleType[] = [
  {
    name: 'no-cycles',
    comment:
      'files do not import values from each other in a circle (types may): put what they share into a file of its own',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-deep-imports',
    comment: "another workspace is imported by its name and one of its exports map's entries, never by a path",
    from: { path: '^((packages|apps|tooling|tests)/[^/]+)/' },
    to: { path: '^(packages|apps|tooling|tests)/', pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'resolvable',
    comment:
      "the import leads nowhere: name an entry of the package's exports map and list the package as a dependency",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'nothing-imports-apps',
    comment: 'an app is an end: what others need belongs into a package',
    from: { pathNot: '^(apps/[^/]+)/' },
    to: { path: '^apps/' },
  },
  {
    name: 'published-without-tooling',
    comment: 'published code leans on nothing that exists only in this repository',
    from: { path: '^packages/[^/]+/src/' },
    to: { path: '^(tooling|tests|config|examples|apps)/' },
  },
  {
    name: 'published-without-dev-dependencies',
    comment: 'published code imports only what its own package.json lists under dependencies or peerDependencies',
    from: { path: '^packages/[^/]+/src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'protocol-stands-alone',
    comment: 'protocol has no dependencies: node built-ins and optional peers only',
    from: { path: '^packages/protocol/src/' },
    to: { dependencyTypes: ['npm', 'npm-optional', 'npm-bundled'] },
  },
]
