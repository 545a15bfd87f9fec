import ts from 'typescript'
import type { Rule } from '../rule.ts'
import type { TidyFile } from '../tidy-file.ts'

const maxFileLines = 500
const maxFunctionLines = 70
const maxParameters = 3

/** A file fits a sitting, a function fits a screen, a call fits a line. */
export const sizeRules: readonly Rule[] = [
  {
    name: 'file-size',
    why: `a file has at most ${maxFileLines} lines and aims under 300`,
    remedy: 'one noun a file: move the second noun out',
    *check(file) {
      if (!file.isTypeScript || file.isGenerated || file.lineCount <= maxFileLines) return
      yield { line: maxFileLines + 1, found: `${file.lineCount} lines` }
    },
  },
  {
    name: 'function-size',
    why: `a function's body has at most ${maxFunctionLines} lines; one that only registers tests may have more`,
    remedy: 'give each paragraph a name',
    *check(file) {
      if (!file.isTypeScript || file.isGenerated) return
      for (const node of file.nodes) {
        if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue
        const lines = bodyLines(file, node.body)
        if (lines <= maxFunctionLines || (file.isTest && registersTests(node.body))) continue
        yield { line: file.lineOf(node), found: `a body of ${lines} lines` }
      }
    },
  },
  {
    name: 'parameters',
    why: `a function has at most ${maxParameters} parameters; the callback of a test table has its columns`,
    remedy: 'take an options object',
    *check(file) {
      if (!file.isTypeScript || file.isGenerated) return
      for (const node of file.nodes) {
        if (!ts.isFunctionLike(node) || ts.isJSDocSignature(node) || (file.isTest && isTableCallback(node))) continue
        const count = node.parameters.filter(({ name }) => name.getText() !== 'this').length
        if (count > maxParameters) yield { line: file.lineOf(node), found: `${count} parameters` }
      }
    },
  },
]

/** The function in `test.each(table)(title, function)`. */
function isTableCallback({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && /\.each\b/.test(parent.expression.getText())
}

function bodyLines(file: TidyFile, body: ts.Node): number {
  const lines = file.lineAt(body.getEnd()) - file.lineOf(body)
  return ts.isBlock(body) ? lines - 1 : lines + 1
}

/** True when the body calls `describe` or `test` itself, or is nothing but a table of tests, as in a conformance suite. */
function registersTests(body: ts.Node): boolean {
  if (!ts.isBlock(body)) return false
  const [first] = body.statements
  if (first !== undefined && ts.isReturnStatement(first)) return /^return \[/.test(first.getText())
  return body.statements.some((statement) => /^(for [^{]*\{\s*)?(describe|test|it)\b/.test(statement.getText()))
}
