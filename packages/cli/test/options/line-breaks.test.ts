import { describe, expect, it } from 'vitest'
import { unbreakablePieces } from '../../src/options/line-breaks.ts'

describe('where a line may be broken', () => {
  it.each([
    ['an interactive shell', ['an ', 'interactive ', 'shell']],
    ['HOST1:PORT1,...,HOST3:PORT3', ['HOST1:', 'PORT1,...,', 'HOST3:', 'PORT3']],
    ['throttled.replicas', ['throttled.', 'replicas']],
    ['--create', ['--', 'create']],
    ['topic5:-3>', ['topic5:', '-3', '>']],
    ['earliest -1 or 1.5', ['earliest ', '-1 ', 'or ', '1.5']],
    ['say "yes" (or no)', ['say ', '"yes" ', '(or ', 'no)']],
    ["'([^:,]*)(?::", ["'([^:,]", '*)', '(?::']],
    ['([0-9]*)-([0-9]*)', ['([0-', '9]', '*)', '-([0-', '9]', '*)']],
  ])('%s', (line, pieces) => {
    expect(unbreakablePieces(line)).toEqual(pieces)
  })
})
