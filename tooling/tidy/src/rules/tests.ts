import ts from 'typescript'
import type { Rule } from '../rule.ts'

const registrar = /^(describe|test|it|suite|bench)$/
const silenced = /^(skip|skipIf|runIf|only|todo|fails)$/
const allowedWithForeignClients = /^(skip|skipIf|runIf)$/

/** A test runs, always; what needs a foreign runtime stands in `tests/` and asks there. */
export const noSilencedTestRule: Rule = {
  name: 'no-silenced-test',
  why: 'a test runs or does not exist',
  remedy: 'mend it; a test that needs a foreign runtime stands in tests/ and skips there, saying why',
  *check(file) {
    if (!file.isTypeScript || !file.isTest) return
    for (const node of file.nodes) {
      if (ts.isIdentifier(node) && /^(xit|xtest|xdescribe|fit|fdescribe)$/.test(node.text)) {
        yield { line: file.lineOf(node), found: node.text }
      }
      if (!ts.isPropertyAccessExpression(node) || !registrar.test(rootName(node))) continue
      const isAllowed = file.path.startsWith('tests/') && allowedWithForeignClients.test(node.name.text)
      if (silenced.test(node.name.text) && !isAllowed) yield { line: file.lineOf(node), found: node.getText() }
    }
  },
}

/** The first name of `test.concurrent.skip`. */
function rootName(node: ts.PropertyAccessExpression): string {
  let left: ts.Expression = node
  while (ts.isPropertyAccessExpression(left) || ts.isCallExpression(left)) left = left.expression
  return left.getText()
}
