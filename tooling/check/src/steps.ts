/** One step of the check: a command, and how much of the machine it keeps busy. */
export interface Step {
  /** The word `--only` takes. */
  readonly name: string
  /** What the step promises when it passes. */
  readonly promise: string
  /** What to run, from the root of the repository; programs come from `node_modules/.bin`. */
  readonly command: readonly [program: string, ...args: string[]]
  /** Cores the step keeps busy: 1, or 2 for a step that runs workers of its own. */
  readonly cores: 1 | 2
  /** What somebody does who sees it fail. */
  readonly remedy: string
}

/** Every step, in the order they start. */
export const steps: readonly Step[] = [
  {
    name: 'types',
    promise: 'the whole tree type-checks against sources',
    command: ['tsc', '-p', '.', '--pretty', 'false'],
    cores: 1,
    remedy: 'correct the types; nothing is cast away',
  },
  {
    name: 'lint',
    promise: 'formatted and free of lint',
    command: ['biome', 'check', '--error-on-warnings', '.'],
    cores: 1,
    remedy: 'npm run format, then correct by hand what is left',
  },
  {
    name: 'layers',
    promise: 'imports point down the layers, through exports maps, in no circle',
    command: ['node', 'tooling/check/src/layers/main.ts'],
    cores: 1,
    remedy: 'the rules are in tooling/check/src/layers',
  },
  {
    name: 'tidy',
    promise: 'the rules of the style that no linter knows',
    command: ['node', 'tooling/tidy/src/main.ts'],
    cores: 1,
    remedy: 'the rules are rows in tooling/tidy/src/rules.ts',
  },
  {
    name: 'unused',
    promise: 'no file, export or dependency that nobody uses',
    command: ['knip', '--no-config-hints', '--no-progress'],
    cores: 1,
    remedy: 'remove it, or use it; what foreign code uses is an entry in knip.json',
  },
  {
    name: 'generated',
    promise: 'generated code is what the schemas say',
    command: ['npm', 'run', '--silent', 'generate', '-w', '@odradek/codegen', '--', '--check'],
    cores: 1,
    remedy: 'npm run generate, and commit what it writes',
  },
  {
    name: 'readme',
    promise: "the README's tables are what packages, schemas and handlers say",
    command: ['node', '--conditions=@odradek/source', 'tooling/check/src/readme/main.ts', '--check'],
    cores: 1,
    remedy: 'npm run generate',
  },
  {
    name: 'packages',
    promise: 'every published package builds, and publint and attw find nothing wrong in it',
    command: ['turbo', 'run', 'package-health', '--concurrency=2', '--output-logs=errors-only'],
    cores: 2,
    remedy: 'npx turbo run package-health --filter=@odradek/<name>',
  },
  {
    name: 'tests',
    promise: 'every test, short simulations and short fuzz runs included',
    command: ['vitest', 'run', '--update=none'],
    cores: 2,
    remedy: 'npx vitest run <file>',
  },
]
