import { posix } from 'node:path'
import ts from 'typescript'
import type { Rule } from '../rule.ts'

const codeFile = /\.(m?[jt]s|tsx|jsx|css|html|sh)$/
const kebabCase = /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/
const emptyWord = /(Manager|Helpers?|Utils?|Impl)$/
const emptyFileWord = /(^|-)(manager|helpers?|utils?|impl)$/

/** Names that are Kafka's own: a reader who knows Kafka looks for these. */
const kafkasOwn = /^(ProducerStateManager|producer-state-manager)$/

/** What things are called. */
export const nameRules: readonly Rule[] = [
  {
    name: 'kebab-case',
    why: 'files and folders of code are kebab-case, named after the one thing they hold',
    remedy: 'rename it',
    *check(file) {
      if (!codeFile.test(file.path)) return
      const odd = file.path.split('/').filter((name) => !kebabCase.test(name))
      if (odd.length > 0) yield { line: 1, found: odd.join(', ') }
    },
  },
  {
    name: 'telling-names',
    why: 'Manager, Helper, Utils and Impl say nothing',
    remedy: "call it what it is, in Kafka's own word where there is one",
    *check(file) {
      if (!file.isTypeScript || file.isGenerated) return
      const fileName = posix.basename(file.path).replace(/\..*$/, '')
      if (emptyFileWord.test(fileName) && !kafkasOwn.test(fileName)) yield { line: 1, found: `file name ${fileName}` }
      for (const node of file.nodes) {
        const isNamed =
          ts.isClassDeclaration(node) ||
          ts.isInterfaceDeclaration(node) ||
          ts.isTypeAliasDeclaration(node) ||
          ts.isFunctionDeclaration(node)
        if (!isNamed || node.name === undefined) continue
        const { text } = node.name
        if (emptyWord.test(text) && !kafkasOwn.test(text)) yield { line: file.lineOf(node.name), found: text }
      }
    },
  },
]
