import type { CommandIo } from '../command/command-io.ts'
import { cutLine, lineText, type StyledLine } from './styled-line.ts'

const csi = '\u001b['
const showAlternate = `${csi}?1049h`
const leaveAlternate = `${csi}?1049l`
const hideCursor = `${csi}?25l`
const showCursor = `${csi}?25h`
const homeAndClear = `${csi}H${csi}J`

/** Where views are shown. */
export interface Screen {
  show(lines: readonly StyledLine[]): Promise<void>
  /** Leaves the terminal as it was found. */
  restore(): Promise<void>
}

/** A terminal shows one view in place of the other, anything else one below the other. */
export async function openScreen(io: CommandIo): Promise<Screen> {
  if (!io.isTerminal) return pageAfterPage(io)
  await io.out(showAlternate + hideCursor)
  return {
    show: async (lines) => {
      const shown = fitting(lines, io.rows).map((line) => lineText(cutLine(line, io.columns), io.hasColor))
      // No end of line behind the last: it would move the first out of sight.
      await io.out(homeAndClear + shown.join('\n'))
    },
    restore: async () => {
      await io.out(showCursor + leaveAlternate)
    },
  }
}

function pageAfterPage(io: CommandIo): Screen {
  let separator = ''
  return {
    show: async (lines) => {
      await io.out(`${separator}${lines.map((line) => `${lineText(line, false)}\n`).join('')}`)
      separator = '\n'
    },
    restore: async () => {},
  }
}

function fitting(lines: readonly StyledLine[], rows: number): readonly StyledLine[] {
  if (lines.length <= rows) return lines
  const shown = lines.slice(0, Math.max(0, rows - 1))
  return [...shown, [{ text: `(${lines.length - shown.length} more lines)` }]]
}
