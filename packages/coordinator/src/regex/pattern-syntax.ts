/**
 * Reads a regular expression in RE2's syntax, which Kafka's consumer groups use for topics (KIP-848): Perl's without what needs
 * backtracking. Groups, flags and laziness are read but tell nothing about whether a whole name matches.
 */

/** A set of code points, as a predicate. */
export type CharSet = (char: number) => boolean

/** What a pattern consists of. */
export type PatternNode =
  | { readonly type: 'empty' }
  | { readonly type: 'char'; readonly set: CharSet }
  | { readonly type: 'assert'; readonly what: 'begin' | 'end' | 'word' | 'no-word' | 'line-begin' | 'line-end' }
  | { readonly type: 'sequence' | 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number }

/** What RE2/J calls a pattern it cannot read; `message` is its description. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError'
}

interface Flags {
  readonly ignoreCase: boolean
  readonly multiLine: boolean
  readonly dotAll: boolean
}

const maxRepeat = 1000
const newline = 10

/** Reads a whole pattern. @throws PatternSyntaxError */
export function parsePattern(pattern: string): PatternNode {
  return new PatternParser(pattern).parse()
}

class PatternParser {
  readonly #chars: readonly number[]
  readonly #names = new Set<string>()
  #at = 0
  #flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false }

  constructor(pattern: string) {
    this.#chars = Array.from(pattern, (char) => char.codePointAt(0)!)
  }

  parse(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#chars.length) throw new PatternSyntaxError('regexp/syntax: internal error')
    return node
  }

  #peek(): string {
    const char = this.#chars[this.#at]
    return char === undefined ? '' : String.fromCodePoint(char)
  }

  #looksAt(text: string): boolean {
    return [...text].every((char, index) => this.#chars[this.#at + index] === char.codePointAt(0))
  }

  #take(text: string): boolean {
    if (!this.#looksAt(text)) return false
    this.#at += text.length
    return true
  }

  #choice(): PatternNode {
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? nodes[0]! : { type: 'choice', nodes }
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = []
    for (let char = this.#peek(); char !== '' && char !== '|' && char !== ')'; char = this.#peek()) {
      if (this.#take('\\Q')) nodes.push(...this.#quoted())
      else nodes.push(this.#repetition(this.#atom()))
    }
    return { type: 'sequence', nodes }
  }

  *#quoted(): Generator<PatternNode> {
    while (this.#at < this.#chars.length && !this.#take('\\E')) yield this.#literal(this.#chars[this.#at++]!)
  }

  #repetition(atom: PatternNode): PatternNode {
    let node = atom
    for (let repeated = false; ; repeated = true) {
      const bounds = this.#bounds()
      if (bounds === undefined) return node
      if (repeated) throw new PatternSyntaxError('invalid nested repetition operator')
      this.#take('?')
      node = { type: 'repeat', node, ...bounds }
    }
  }

  #bounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    const start = this.#at
    const counted = this.#take('{') ? this.#counted() : undefined
    // Braces that do not count are characters.
    if (counted === undefined) this.#at = start
    else if (counted.min > maxRepeat || (counted.max > maxRepeat && Number.isFinite(counted.max)))
      throw new PatternSyntaxError('invalid repeat count')
    else if (counted.min > counted.max) throw new PatternSyntaxError('invalid repeat count')
    return counted
  }

  #counted(): { readonly min: number; readonly max: number } | undefined {
    const min = this.#integer()
    if (min === undefined) return undefined
    if (this.#take('}')) return { min, max: min }
    if (!this.#take(',')) return undefined
    if (this.#take('}')) return { min, max: Number.POSITIVE_INFINITY }
    const max = this.#integer()
    return max !== undefined && this.#take('}') ? { min, max } : undefined
  }

  #integer(): number | undefined {
    let digits = ''
    while (/^\d$/.test(this.#peek())) digits += String.fromCodePoint(this.#chars[this.#at++]!)
    return digits === '' ? undefined : Number(digits)
  }

  #atom(): PatternNode {
    const char = this.#peek()
    if (char === '*' || char === '+' || char === '?')
      throw new PatternSyntaxError('missing argument to repetition operator')
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) return { type: 'char', set: this.#class() }
    if (this.#take('\\')) return this.#escape()
    this.#at++
    const { multiLine, dotAll } = this.#flags
    if (char === '^') return { type: 'assert', what: multiLine ? 'line-begin' : 'begin' }
    if (char === '$') return { type: 'assert', what: multiLine ? 'line-end' : 'end' }
    if (char === '.') return { type: 'char', set: (code) => dotAll || code !== newline }
    return this.#literal(char.codePointAt(0)!)
  }

  #group(): PatternNode {
    const outer = this.#flags
    if (this.#looksAt('?')) {
      if (this.#take('?P<') || this.#take('?<')) this.#groupName()
      else if (this.#flagGroup()) return { type: 'empty' }
    }
    const node = this.#choice()
    if (!this.#take(')')) throw new PatternSyntaxError('missing closing )')
    this.#flags = outer
    return node
  }

  #groupName(): void {
    let name = ''
    while (/^\w$/.test(this.#peek())) name += String.fromCodePoint(this.#chars[this.#at++]!)
    if (name === '' || !this.#take('>')) throw new PatternSyntaxError('invalid named capture')
    if (this.#names.has(name)) throw new PatternSyntaxError('duplicate capture group name')
    this.#names.add(name)
  }

  /** `(?flags)` changes the rest of the enclosing group, `(?flags:` begins one; true for the former. */
  #flagGroup(): boolean {
    this.#at++
    let isOn = true
    let flags = this.#flags
    for (;;) {
      const char = this.#peek()
      this.#at++
      if (char === ':' || char === ')') {
        this.#flags = flags
        return char === ')'
      }
      if (char === '-' && isOn) isOn = false
      else if (char === 'i') flags = { ...flags, ignoreCase: isOn }
      else if (char === 'm') flags = { ...flags, multiLine: isOn }
      else if (char === 's') flags = { ...flags, dotAll: isOn }
      else if (char !== 'U') throw new PatternSyntaxError('invalid or unsupported Perl syntax')
    }
  }

  #escape(): PatternNode {
    const char = this.#peek()
    if (char === '') throw new PatternSyntaxError('trailing backslash at end of expression')
    if (this.#take('A')) return { type: 'assert', what: 'begin' }
    if (this.#take('z')) return { type: 'assert', what: 'end' }
    if (this.#take('b')) return { type: 'assert', what: 'word' }
    if (this.#take('B')) return { type: 'assert', what: 'no-word' }
    const set = this.#classEscape()
    return set === undefined ? this.#literal(this.#escapedChar()) : { type: 'char', set }
  }

  #literal(char: number): PatternNode {
    return { type: 'char', set: this.#folded((code) => code === char) }
  }

  #folded(set: CharSet): CharSet {
    if (!this.#flags.ignoreCase) return set
    return (code) => set(code) || set(lower(code)) || set(upper(code))
  }

  /** `\d`, `\w`, `\s`, `\pL` and their complements, after the backslash. */
  #classEscape(): CharSet | undefined {
    const char = this.#peek()
    const perl = perlClasses.get(char.toLowerCase())
    if (perl !== undefined) {
      this.#at++
      return char === char.toLowerCase() ? perl : (code) => !perl(code)
    }
    if (char !== 'p' && char !== 'P') return undefined
    this.#at++
    return unicodeClass(this.#unicodeName(), char === 'P')
  }

  #unicodeName(): string {
    if (!this.#take('{')) {
      const char = this.#chars[this.#at++]
      return char === undefined ? '' : String.fromCodePoint(char)
    }
    let name = ''
    while (this.#peek() !== '}') {
      if (this.#peek() === '') throw new PatternSyntaxError('invalid character class range')
      name += String.fromCodePoint(this.#chars[this.#at++]!)
    }
    this.#at++
    return name
  }

  /** One character, after the backslash. */
  #escapedChar(): number {
    const char = this.#peek()
    const control = controlEscapes.get(char)
    if (control !== undefined) {
      this.#at++
      return control
    }
    if (this.#take('x')) return this.#hex()
    if (/^[0-7]$/.test(char)) return this.#octal()
    if (char === '' || /^[A-Za-z0-9]$/.test(char)) throw new PatternSyntaxError('invalid escape sequence')
    return this.#chars[this.#at++]!
  }

  #hex(): number {
    let digits = ''
    const isBraced = this.#take('{')
    while (/^[0-9A-Fa-f]$/.test(this.#peek()) && (isBraced || digits.length < 2))
      digits += String.fromCodePoint(this.#chars[this.#at++]!)
    const isWhole = isBraced ? digits !== '' && this.#take('}') : digits.length === 2
    if (!isWhole) throw new PatternSyntaxError('invalid escape sequence')
    return Number.parseInt(digits, 16)
  }

  /** `\0` or three digits; a single other digit would refer to a group, which RE2 does not do. */
  #octal(): number {
    let digits = ''
    while (/^[0-7]$/.test(this.#peek()) && digits.length < 3) digits += String.fromCodePoint(this.#chars[this.#at++]!)
    if (!digits.startsWith('0') && digits.length < 2) throw new PatternSyntaxError('invalid escape sequence')
    return Number.parseInt(digits, 8)
  }

  #class(): CharSet {
    const isNegated = this.#take('^')
    const sets: CharSet[] = []
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      if (this.#peek() === '') throw new PatternSyntaxError('missing closing ]')
      sets.push(this.#posixClass() ?? this.#classItem())
    }
    this.#at++
    const union = this.#folded((code) => sets.some((set) => set(code)))
    return isNegated ? (code) => !union(code) : union
  }

  #posixClass(): CharSet | undefined {
    const rest = String.fromCodePoint(...this.#chars.slice(this.#at, this.#at + 12))
    const match = /^\[:(\^?)([a-z]+):\]/.exec(rest)
    if (match === null) return undefined
    const set = posixClasses.get(match[2]!)
    if (set === undefined) throw new PatternSyntaxError('invalid character class range')
    this.#at += match[0].length
    return match[1] === '' ? set : (code) => !set(code)
  }

  #classItem(): CharSet {
    const low = this.#classChar()
    if (typeof low !== 'number') return low
    const next = this.#chars[this.#at + 1]
    if (this.#peek() !== '-' || next === undefined || String.fromCodePoint(next) === ']') return (code) => code === low
    this.#at++
    const high = this.#classChar()
    if (typeof high !== 'number' || high < low) throw new PatternSyntaxError('invalid character class range')
    return (code) => code >= low && code <= high
  }

  #classChar(): number | CharSet {
    if (!this.#take('\\')) return this.#chars[this.#at++]!
    return this.#classEscape() ?? this.#escapedChar()
  }
}

const within =
  (...ranges: readonly string[]): CharSet =>
  (code) =>
    ranges.some((range) => code >= range.charCodeAt(0) && code <= range.charCodeAt(range.length - 1))

const perlClasses = new Map<string, CharSet>([
  ['d', within('09')],
  ['w', within('09', 'AZ', 'az', '_')],
  ['s', within(' ', '\t\n', '\f\r')],
])

const posixClasses = new Map<string, CharSet>([
  ['alnum', within('09', 'AZ', 'az')],
  ['alpha', within('AZ', 'az')],
  ['ascii', within('\u0000\u007f')],
  ['blank', within('\t', ' ')],
  ['cntrl', within('\u0000\u001f', '\u007f')],
  ['digit', within('09')],
  ['graph', within('!~')],
  ['lower', within('az')],
  ['print', within(' ~')],
  ['punct', within('!/', ':@', '[`', '{~')],
  ['space', within('\t\r', ' ')],
  ['upper', within('AZ')],
  ['word', within('09', 'AZ', 'az', '_')],
  ['xdigit', within('09', 'AF', 'af')],
])

const controlEscapes = new Map([
  ['a', 7],
  ['f', 12],
  ['n', newline],
  ['r', 13],
  ['t', 9],
  ['v', 11],
])

/** A general category or a script, in JavaScript's own tables. */
function unicodeClass(name: string, isNegated: boolean): CharSet {
  const isComplement = name.startsWith('^') !== isNegated
  const bare = name.replace(/^\^/, '')
  if (bare === 'Any') return () => !isComplement
  const expression = compiledProperty(bare) ?? compiledProperty(`Script=${bare}`)
  if (expression === undefined) throw new PatternSyntaxError('invalid character class range')
  return (code) => expression.test(String.fromCodePoint(code)) !== isComplement
}

function compiledProperty(name: string): RegExp | undefined {
  if (!/^[A-Za-z_=]+$/.test(name)) return undefined
  try {
    return new RegExp(`^\\p{${name}}$`, 'u')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function lower(code: number): number {
  return String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code
}

function upper(code: number): number {
  return String.fromCodePoint(code).toUpperCase().codePointAt(0) ?? code
}
