/**
 * Where a line of English text may be broken: the rules of Java's line break iterator for ASCII, on which the help of Kafka's commands is
 * laid out. Text is cut into the same pieces, so that our help has the same lines.
 */
const closing = '!"$%\'),.:;?]}'
const breaksAfter = '!"%),.:;?]}'
const opening = '([{'
const gluesNext = "$'([{"
const negativeNumber = /^-[([{$]*\d[\d.,]*$/
const startOfNegativeNumber = /^-[([{$]*\d/

/** The pieces of a line that must stay whole, each with the blanks that follow it. Joined they are the line again. */
export function unbreakablePieces(line: string): readonly string[] {
  const pieces: string[] = []
  let rest = line
  while (rest.length > 0) {
    let at = 1
    while (at < rest.length && !mayBreakAt(rest, at)) at++
    pieces.push(rest.slice(0, at))
    rest = rest.slice(at)
  }
  return pieces
}

/** `rest` begins with a piece that reaches at least up to `at`. */
function mayBreakAt(rest: string, at: number): boolean {
  const before = rest[at - 1]!
  const after = rest[at]!
  if (isBlank(after)) return false
  if (isBlank(before)) return true
  if (at === 1 && before === '"') return false
  if (before === '-') return !"$'-".includes(after) && !(at === 1 && startOfNegativeNumber.test(rest))
  if (gluesNext.includes(before)) return false
  if (closing.includes(after)) return false
  if (breaksAfter.includes(before)) return !isInsideNumber(rest, at)
  if (negativeNumber.test(rest.slice(0, at))) return after !== '-' && !isDigit(after)
  return opening.includes(after)
}

function isInsideNumber(rest: string, at: number): boolean {
  return (rest[at - 1] === '.' || rest[at - 1] === ',') && isDigit(rest[at - 2]) && isDigit(rest[at])
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\t'
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9'
}
