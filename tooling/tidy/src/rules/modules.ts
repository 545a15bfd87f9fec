import { posix } from 'node:path'
import ts from 'typescript'
import { sourceEntries } from '../package-manifest.ts'
import type { Rule } from '../rule.ts'

/** How a module shows itself to others. */
export const moduleRules: readonly Rule[] = [
  {
    name: 'no-default-export',
    why: 'an export has one name everywhere',
    remedy: 'export it by name; only tool configurations (*.config.ts) have a default export',
    *check(file) {
      if (!file.isTypeScript || file.isConfig) return
      for (const statement of file.syntax.statements) {
        if (isDefaultExport(statement)) yield { line: file.lineOf(statement), found: 'default export' }
      }
    },
  },
  {
    name: 'no-export-star',
    why: 'the index is the API on one screen',
    remedy: 'name what is exported',
    *check(file) {
      if (!file.isTypeScript) return
      for (const statement of file.syntax.statements) {
        if (!ts.isExportDeclaration(statement)) continue
        const { exportClause } = statement
        if (exportClause !== undefined && ts.isNamedExports(exportClause)) continue
        yield { line: file.lineOf(statement), found: statement.getText() }
      }
    },
  },
  {
    name: 'one-index',
    why: "an index.ts is an entry of the package's exports map; inside, files are imported by their own names",
    remedy: 'name the file after the one thing it exports, or list it in the exports map',
    *check(file, tree) {
      const packageDirectory = /^packages\/[^/]+(?=\/src\/)/.exec(file.path)?.[0]
      if (packageDirectory === undefined || posix.basename(file.path) !== 'index.ts') return
      const manifest = tree.file(`${packageDirectory}/package.json`)
      const entries = manifest === undefined ? [] : sourceEntries(manifest)
      if (!entries.some(({ path }) => path === file.path)) yield { line: 1, found: 'index.ts that is no entry' }
    },
  },
  {
    name: 'no-module-state',
    why: 'two brokers in one process share nothing',
    remedy: 'keep the state in an object that somebody owns',
    *check(file) {
      if (!file.isTypeScript || !file.isPackageSource) return
      for (const statement of file.syntax.statements) {
        if (!ts.isVariableStatement(statement)) continue
        const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0
        const names = statement.declarationList.declarations.map(({ name }) => name.getText()).join(', ')
        if (!isConst) yield { line: file.lineOf(statement), found: `module variable ${names}` }
      }
    },
  },
]

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return false
    return exportClause.elements.some(({ name }) => name.text === 'default')
  }
  if (!ts.canHaveModifiers(statement)) return false
  return (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
}
