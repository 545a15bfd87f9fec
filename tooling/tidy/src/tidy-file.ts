import ts from 'typescript'

/** One file of the tree, with its syntax parsed when a rule first asks for it. */
export class TidyFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly text: string
  #syntax: ts.SourceFile | undefined
  #nodes: readonly ts.Node[] | undefined
  #lineStarts: readonly number[] | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  get isTypeScript(): boolean {
    return /\.(ts|mts|tsx)$/.test(this.path)
  }

  get isGenerated(): boolean {
    return this.path.includes('/generated/')
  }

  /** A tool's configuration, which has to be a default export. */
  get isConfig(): boolean {
    return /\.config\.m?[jt]s$/.test(this.path)
  }

  /** Tests, simulations, benches, and the suites that packages export for others' tests. */
  get isTest(): boolean {
    return /(^|\/)(test|bench)\/|^tests\/|\/src\/testing\//.test(this.path)
  }

  /** Code of a package as it is published. */
  get isPackageSource(): boolean {
    return /^packages\/[^/]+\/src\//.test(this.path)
  }

  /** Published code that may see the world only through ports: all but what implements them or serves a library without any. */
  get isCore(): boolean {
    if (/^packages\/(server|cli|postgres)\//.test(this.path)) return false
    return this.isPackageSource && !/^packages\/(runtime\/src\/node|strategies\/src\/kafkajs)\//.test(this.path)
  }

  get syntax(): ts.SourceFile {
    this.#syntax ??= ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true)
    return this.#syntax
  }

  get lineCount(): number {
    return this.text.split('\n').length - (this.text.endsWith('\n') ? 1 : 0)
  }

  /** Line of a node's first token, from 1. */
  lineOf(node: ts.Node): number {
    return this.lineAt(node.getStart(this.syntax))
  }

  /** Line of a position in the text, from 1. */
  lineAt(position: number): number {
    this.#lineStarts ??= [0, ...[...this.text.matchAll(/\n/g)].map(({ index }) => index + 1)]
    const next = this.#lineStarts.findIndex((start) => start > position)
    return next === -1 ? this.#lineStarts.length : next
  }

  /** Every node, parents before their children. */
  get nodes(): readonly ts.Node[] {
    this.#nodes ??= nodesUnder(this.syntax)
    return this.#nodes
  }
}

function nodesUnder(root: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(root)
  return nodes
}
