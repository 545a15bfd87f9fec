import ts from 'typescript'
import type { Finding, Rule } from '../rule.ts'
import type { TidyFile } from '../tidy-file.ts'

/** What a part of the world is called in code. */
interface WorldNames {
  /** Globals, or one member of a global: `Date.now`. */
  readonly globals: readonly string[]
  /** Node modules, without `node:`. */
  readonly modules: readonly string[]
  /** Names imported from a module of which the rest is allowed. */
  readonly imports?: RegExp
}

/** One rule a port: logic never touches the world, so that one seed replays a whole cluster. */
export const worldRules: readonly Rule[] = [
  worldRule('no-clock', 'time comes in through the Clock port', {
    globals: ['Date.now', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'AbortSignal.timeout'],
    modules: ['timers', 'timers/promises', 'perf_hooks'],
  }),
  worldRule('no-chance', 'chance comes in through the Random port', {
    globals: ['Math.random', 'crypto'],
    modules: [],
    imports: /^(random\w*|getRandomValues|webcrypto)$/,
  }),
  worldRule('no-sockets', 'the network comes in through the Transport port', {
    globals: ['fetch', 'WebSocket', 'EventSource'],
    modules: ['net', 'tls', 'dgram', 'http', 'https', 'http2', 'dns', 'dns/promises'],
  }),
  worldRule('no-files', 'files come in through the Storage port', { globals: [], modules: ['fs', 'fs/promises'] }),
  worldRule(
    'no-process',
    'the process, its console and its environment belong to the program that embeds the package',
    {
      globals: ['process', 'console'],
      modules: ['process', 'os', 'child_process', 'worker_threads', 'cluster', 'inspector', 'repl'],
    },
  ),
]

function worldRule(name: string, why: string, names: WorldNames): Rule {
  return {
    name,
    why,
    remedy: 'take the port as an argument; packages/runtime/src/node, server, cli, postgres, apps and tests may do it',
    *check(file) {
      if (!file.isTypeScript || !file.isCore || file.isGenerated) return
      const declared = declaredNames(file)
      for (const node of file.nodes) {
        const found = moduleFound(node, names) ?? globalFound(node, names, declared)
        if (found !== undefined) yield { line: file.lineOf(node), found } satisfies Finding
      }
    },
  }
}

function moduleFound(node: ts.Node, names: WorldNames): string | undefined {
  const specifier = moduleSpecifier(node)
  if (specifier === undefined) return undefined
  const module = specifier.replace(/^node:/, '')
  if (names.modules.includes(module)) return `import of ${specifier}`
  if (names.imports === undefined || module !== 'crypto' || !ts.isImportDeclaration(node)) return undefined
  const bindings = node.importClause?.namedBindings
  if (bindings === undefined || !ts.isNamedImports(bindings)) return `import of all of ${specifier}`
  const named = bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text)
  const forbidden = named.filter((name) => names.imports?.test(name))
  return forbidden.length === 0 ? undefined : `import of ${forbidden.join(', ')} from ${specifier}`
}

function moduleSpecifier(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literalText(node.moduleSpecifier)
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literalText(node.argument.literal) : undefined
  if (!ts.isCallExpression(node)) return undefined
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require'
  return isImport ? literalText(node.arguments[0]) : undefined
}

function literalText(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : undefined
}

function globalFound(node: ts.Node, names: WorldNames, declared: ReadonlySet<string>): string | undefined {
  if (!ts.isIdentifier(node) || !isReference(node) || declared.has(node.text)) return undefined
  const { parent } = node
  if (node.text === 'Date' && names.globals.includes('Date.now') && readsNow(parent, node)) return parent.getText()
  const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : ''
  return names.globals.find((name) => name === node.text || name === `${node.text}.${member}`)
}

/** `new Date()` and `Date()`; a date made of arguments tells nothing of the present. */
function readsNow(parent: ts.Node, date: ts.Identifier): boolean {
  if (ts.isNewExpression(parent)) return parent.expression === date && (parent.arguments ?? []).length === 0
  return ts.isCallExpression(parent) && parent.expression === date
}

/** An identifier that stands for a value in scope, or for a member of `globalThis`. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression.getText() === 'globalThis'
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) return false
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false
  return !('name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent))
}

/** Names the file declares itself, which hide the global of that name. */
function declaredNames(file: TidyFile): ReadonlySet<string> {
  const declared = new Set<string>()
  for (const node of file.nodes) {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node)
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name)) declared.add(node.name.text)
  }
  return declared
}
