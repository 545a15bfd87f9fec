/**
 * Matches names against a pattern in time that grows with the length of the name and of the pattern, never worse: a member's pattern
 * must not stop the broker for everybody else. The pattern becomes a nondeterministic automaton whose states are walked all at once
 * (Thompson's construction, as in RE2).
 */
import { type CharSet, type PatternNode, PatternSyntaxError, parsePattern } from './pattern-syntax.ts'

/** A pattern that was read. */
export interface TopicPattern {
  /** True when the whole name matches. */
  matches(name: string): boolean
}

type Assertion = Extract<PatternNode, { readonly type: 'assert' }>['what']

/** A state: it takes a character, or goes on to others without one. */
type Instruction =
  | { readonly type: 'char'; readonly set: CharSet }
  | { readonly type: 'assert'; readonly what: Assertion }
  | { readonly type: 'split'; readonly targets: number[] }
  | { readonly type: 'match' }

/** Counted repetitions are written out, so a pattern can be larger than it looks. */
const maxInstructions = 20_000

/** Reads a pattern, or tells what is wrong with it in RE2/J's words. */
export function compileTopicPattern(pattern: string): TopicPattern | { readonly problem: string } {
  try {
    const program = new PatternCompiler().compile(parsePattern(pattern))
    return { matches: (name) => run(program, name) }
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { problem: error.message }
    throw error
  }
}

class PatternCompiler {
  readonly #program: Instruction[] = []

  compile(node: PatternNode): readonly Instruction[] {
    this.#emit(node)
    this.#push({ type: 'match' })
    return this.#program
  }

  #push(instruction: Instruction): number {
    if (this.#program.length >= maxInstructions) throw new PatternSyntaxError('expression too large')
    this.#program.push(instruction)
    return this.#program.length - 1
  }

  #split(...targets: number[]): number[] {
    this.#push({ type: 'split', targets })
    return targets
  }

  #emit(node: PatternNode): void {
    switch (node.type) {
      case 'empty':
        break
      case 'char':
      case 'assert':
        this.#push(node)
        break
      case 'sequence':
        for (const part of node.nodes) this.#emit(part)
        break
      case 'choice':
        this.#choice(node.nodes)
        break
      case 'repeat':
        this.#repeat(node)
        break
    }
  }

  #choice(nodes: readonly PatternNode[]): void {
    const starts = this.#split()
    const exits: number[][] = []
    for (const node of nodes) {
      starts.push(this.#program.length)
      this.#emit(node)
      exits.push(this.#split())
    }
    for (const exit of exits) exit.push(this.#program.length)
  }

  #repeat({ node, min, max }: Extract<PatternNode, { readonly type: 'repeat' }>): void {
    for (let count = 0; count < min; count++) this.#emit(node)
    if (max === Number.POSITIVE_INFINITY) {
      const again = this.#program.length
      const ways = this.#split(again + 1)
      this.#emit(node)
      this.#split(again)
      ways.push(this.#program.length)
      return
    }
    const skips: number[][] = []
    for (let count = min; count < max; count++) {
      skips.push(this.#split(this.#program.length + 1))
      this.#emit(node)
    }
    for (const skip of skips) skip.push(this.#program.length)
  }
}

function run(program: readonly Instruction[], name: string): boolean {
  let states = follow(program, [0], { name, at: 0 })
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    const next: number[] = []
    for (const state of states) {
      const instruction = program[state]!
      if (instruction.type === 'char' && instruction.set(code)) next.push(state + 1)
    }
    if (next.length === 0) return false
    states = follow(program, next, { name, at: at + 1 })
  }
  return states.some((state) => program[state]!.type === 'match')
}

/** All states that are reached without taking a character. */
function follow(
  program: readonly Instruction[],
  from: readonly number[],
  place: { readonly name: string; readonly at: number },
): readonly number[] {
  const seen = new Set<number>()
  const stack = [...from]
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    if (seen.has(state)) continue
    seen.add(state)
    const instruction = program[state]!
    if (instruction.type === 'split') stack.push(...instruction.targets)
    else if (instruction.type === 'assert' && holds(instruction.what, place)) stack.push(state + 1)
  }
  return [...seen]
}

function holds(what: Assertion, { name, at }: { readonly name: string; readonly at: number }): boolean {
  switch (what) {
    case 'begin':
      return at === 0
    case 'end':
      return at === name.length
    case 'line-begin':
      return at === 0 || name[at - 1] === '\n'
    case 'line-end':
      return at === name.length || name[at] === '\n'
    case 'word':
      return isWord(name[at - 1]) !== isWord(name[at])
    case 'no-word':
      return isWord(name[at - 1]) === isWord(name[at])
  }
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /^\w$/.test(char)
}
