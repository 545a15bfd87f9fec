import type { Span } from './styled-line.ts'

const levels = [
  { style: 'green', upTo: 10 },
  { style: 'yellow', upTo: 16 },
  { style: 'red', upTo: 20 },
] as const

/** Characters of a whole bar. */
export const lagBarWidth = 20

/** A lag as a bar that grows from green to red, whole at the greatest lag in view. Any lag at all shows. */
export function lagBar(lag: number, greatest: number): readonly Span[] {
  const length = lag <= 0 ? 0 : Math.ceil((lag / greatest) * lagBarWidth)
  let begun = 0
  const spans: Span[] = []
  for (const { style, upTo } of levels) {
    const cells = Math.min(length, upTo) - begun
    if (cells > 0) spans.push({ text: '█'.repeat(cells), style })
    begun = upTo
  }
  return [...spans, { text: ' '.repeat(lagBarWidth - length) }]
}
