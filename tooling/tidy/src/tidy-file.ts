import ts from 'typescript'

/** One file of the tree, with its syntax parsed when a rule first asks for it. */
export class TidyFile {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly text: string
  #syntax: ts.SourceFile | undefined

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

  /** Published code that may see the world only through ports: all but the layers and folders that implement them. */
  get isCore(): boolean {
    return this.isPackageSource && !/^packages\/((server|cli|postgres)\/|runtime\/src\/node\/)/.test(this.path)
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
    let line = 1
    for (let at = this.text.indexOf('\n'); at !== -1 && at < position; at = this.text.indexOf('\n', at + 1)) line += 1
    return line
  }

  /** Every node, parents before their children. */
  *nodes(): Generator<ts.Node> {
    const pending: ts.Node[] = [this.syntax]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      yield node
      const children: ts.Node[] = []
      ts.forEachChild(node, (child) => void children.push(child))
      pending.push(...children.reverse())
    }
  }
}
