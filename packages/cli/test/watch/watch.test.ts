import { expect, test } from 'vitest'
import { type Look, watch } from '../../src/watch/watch.ts'
import { WatchedIo } from './watched-io.ts'

const everyTwo = { commandLine: 'kafka-topics --list --watch', intervalMs: 2000 }
const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'
const clear = '\u001b[H\u001b[J'

/** Shows what the looks in turn have found. */
function finds(...found: readonly string[]): Look {
  const rest = [...found]
  return async ({ io }) => io.out(rest.shift()!)
}

test('a terminal shows each look in place of the one before, and is as it was after Ctrl-C', async () => {
  const io = new WatchedIo({ looks: 2, isTerminal: true })
  const exitCode = await watch(io, finds('orders\n', 'orders\npayments\n'), everyTwo)
  expect({ exitCode, written: io.written }).toEqual({
    exitCode: 130,
    written: [
      enter,
      `${clear}2026-11-23 12:00:00 UTC, every 2 s: kafka-topics --list --watch\n\norders`,
      `${clear}2026-11-23 12:00:02 UTC, every 2 s: kafka-topics --list --watch\n\norders\npayments`,
      leave,
    ],
  })
})

test('without a terminal one view follows the other, an empty line between them', async () => {
  const io = new WatchedIo({ looks: 2, hasColor: true })
  await watch(io, finds('\norders\n\n', 'orders\n\npayments'), { ...everyTwo, intervalMs: 500 })
  expect(io.written.join('')).toBe(
    [
      '2026-11-23 12:00:00 UTC, every 0.5 s: kafka-topics --list --watch',
      'orders',
      '',
      '2026-11-23 12:00:00 UTC, every 0.5 s: kafka-topics --list --watch',
      'orders',
      '',
      'payments',
      '',
    ].join('\n'),
  )
})

test('JSON for a program has no header', async () => {
  const io = new WatchedIo({ looks: 2 })
  await watch(io, finds('[]\n', '["orders"]\n'), { ...everyTwo, isJson: true })
  expect(io.written.join('')).toBe('[]\n\n["orders"]\n')
})

test('a view is cut to the terminal: tabs are set, the cursor stays where it is, and the rest is counted', async () => {
  const io = new WatchedIo({ looks: 1, isTerminal: true, columns: 12, rows: 5 })
  await watch(io, finds('ab\tcdefgh\na\u001bb\nthree\nfour\n'), everyTwo)
  expect(io.written).toEqual([enter, `${clear}2026-11-23 1\n\nab      cdef\na?b\n(2 more line`, leave])
})

test('the header is bold and a failure red where there is colour', async () => {
  const io = new WatchedIo({ looks: 1, isTerminal: true, hasColor: true })
  await watch(io, () => Promise.reject(new Error('nobody there')), everyTwo)
  expect(io.written).toEqual([
    enter,
    `${clear}\u001b[1m2026-11-23 12:00:00 UTC, every 2 s: kafka-topics --list --watch\u001b[22m\n\n\u001b[31mError: nobody there\u001b[39m`,
    leave,
  ])
})

test('a failed look is shown and the next is taken', async () => {
  const io = new WatchedIo({ looks: 2 })
  const failures = [new Error('nobody there')]
  const look: Look = async (view) => {
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    view.io.out('orders\n')
  }
  await watch(io, look, everyTwo)
  expect(io.written).toEqual([
    '2026-11-23 12:00:00 UTC, every 2 s: kafka-topics --list --watch\nError: nobody there\n',
    '\n2026-11-23 12:00:02 UTC, every 2 s: kafka-topics --list --watch\norders\n',
  ])
})

test('Ctrl-C does not wait for a look that is under way', async () => {
  const io = new WatchedIo({ looks: 2, isTerminal: true })
  const exitCode = await watch(
    io,
    () => {
      io.interrupt()
      return new Promise(() => {})
    },
    everyTwo,
  )
  expect({ exitCode, written: io.written }).toEqual({ exitCode: 130, written: [enter, leave] })
})

test('a terminal that fails to show a view is restored all the same', async () => {
  const io = new WatchedIo({ looks: 2, isTerminal: true })
  const out = (text: string | Uint8Array) => {
    if (String(text).startsWith(clear)) throw new Error('no room')
    io.out(text)
  }
  const written = watch({ ...io, out }, finds('orders\n'), everyTwo)
  await expect(written).rejects.toThrow('no room')
  expect(io.written).toEqual([enter, leave])
})
