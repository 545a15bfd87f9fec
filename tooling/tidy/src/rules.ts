import type { Rule } from './rule.ts'
import { changesetShapeRule } from './rules/changeset-shape.ts'
import { documentedRule } from './rules/documented.ts'
import { moduleRules } from './rules/modules.ts'
import { nameRules } from './rules/names.ts'
import { packageShapeRule } from './rules/package-shape.ts'
import { sizeRules } from './rules/size.ts'
import { noSilencedTestRule } from './rules/tests.ts'
import { textRules } from './rules/text.ts'
import { worldRules } from './rules/world.ts'

/** Every rule; each has a folder of its name under `fixtures` that breaks it and one that keeps it. */
export const rules: readonly Rule[] = [
  ...worldRules,
  ...moduleRules,
  ...sizeRules,
  ...nameRules,
  documentedRule,
  ...textRules,
  noSilencedTestRule,
  packageShapeRule,
  changesetShapeRule,
]
