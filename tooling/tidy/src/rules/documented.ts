import { posix } from 'node:path'
import ts from 'typescript'
import { sourceEntries } from '../package-manifest.ts'
import type { Finding, Rule } from '../rule.ts'
import type { TidyFile } from '../tidy-file.ts'
import type { Tree } from '../tree.ts'

/** A name where it is declared. */
interface Declaration {
  readonly file: TidyFile
  readonly node: ts.Node
}

/** Follows every name that an entry point exports to its declaration and asks for a doc comment there. */
export const documentedRule: Rule = {
  name: 'documented',
  why: 'what a package exports has a doc comment: what it is, units, errors, the name in Kafka',
  remedy: 'write one at the declaration',
  *check(manifest, tree) {
    if (!/^packages\/[^/]+\/package\.json$/.test(manifest.path)) return
    const seen = new Set<ts.Node>()
    for (const { path } of sourceEntries(manifest)) {
      const entry = tree.file(path)
      if (entry === undefined || entry.isGenerated) continue
      for (const name of exportedNames(entry)) yield* undocumented(name, declarationsOf(entry, name, tree), seen)
    }
  },
}

function* undocumented(name: string, declarations: readonly Declaration[], seen: Set<ts.Node>): Generator<Finding> {
  const [first] = declarations
  if (first === undefined || seen.has(first.node) || first.file.isGenerated) return
  seen.add(first.node)
  if (declarations.some(({ node }) => ts.getJSDocCommentsAndTags(node).length > 0)) return
  yield { path: first.file.path, line: first.file.lineOf(first.node), found: `${name} without a doc comment` }
}

function exportedNames(file: TidyFile): readonly string[] {
  return file.syntax.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement
      return exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.map((element) => element.name.text)
        : []
    }
    return isExported(statement) ? declaredIn(statement).map(({ name }) => name) : []
  })
}

/** Where a name of a file is declared: there, or in the files it is imported or re-exported from. Other packages' names have none. */
function declarationsOf(file: TidyFile, name: string, tree: Tree): readonly Declaration[] {
  const local = file.syntax.statements.flatMap(declaredIn).filter((declared) => declared.name === name)
  if (local.length > 0) return local.map(({ node }) => ({ file, node }))
  for (const statement of file.syntax.statements) {
    const source = bindingSource(statement, name)
    if (source === undefined) continue
    if (source.module === undefined) return source.name === name ? [] : declarationsOf(file, source.name, tree)
    const next = source.module.startsWith('.')
      ? tree.file(posix.join(posix.dirname(file.path), source.module))
      : undefined
    return next === undefined ? [] : declarationsOf(next, source.name, tree)
  }
  return []
}

/** The name behind `name` in an import or export list, and the module it comes from. Imports are asked before `export { name }`. */
function bindingSource(
  statement: ts.Statement,
  name: string,
): { name: string; module: string | undefined } | undefined {
  const isImport = ts.isImportDeclaration(statement)
  if (!isImport && !ts.isExportDeclaration(statement)) return undefined
  const list = isImport ? statement.importClause?.namedBindings : statement.exportClause
  if (list === undefined || !(ts.isNamedImports(list) || ts.isNamedExports(list))) return undefined
  const element = [...list.elements].find((candidate) => candidate.name.text === name)
  if (element === undefined) return undefined
  const { moduleSpecifier } = statement
  const module = moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined
  return { name: (element.propertyName ?? element.name).text, module }
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false
  return (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
}

function declaredIn(statement: ts.Statement): readonly { readonly name: string; readonly node: ts.Node }[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((node) => ({ name: node.name.getText(), node }))
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  return isNamed && statement.name !== undefined ? [{ name: statement.name.text, node: statement }] : []
}
