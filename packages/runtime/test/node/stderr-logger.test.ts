import { expect, test } from 'vitest'
import { type StderrLoggerOptions, stderrLogger } from '../../src/node/index.ts'

test('json lines carry time, level, message and the fields of the logger and of the call', () => {
  const { logger, lines } = recorded({ format: 'json' })
  logger.child({ broker: 1 }).warn('segment rolled', { topic: 'a b', offset: 5n, reason: new TypeError('full') })
  const { time, reason, ...rest } = JSON.parse(lines[0]!)
  expect(new Date(time).getTime()).toBeGreaterThan(0)
  expect(reason).toMatchObject({ name: 'TypeError', message: 'full' })
  expect(rest).toEqual({ level: 'warn', message: 'segment rolled', broker: 1, topic: 'a b', offset: '5' })
})

test('text lines are read by people', () => {
  const { logger, lines } = recorded({})
  logger.info('segment rolled', { topic: 'a', group: 'b c', size: 5, gone: undefined, why: new Error('disk full') })
  expect(lines[0]!.replace(/^\S+/, 'TIME')).toBe(
    'TIME INFO  segment rolled topic=a group="b c" size=5 gone=undefined why="disk full"\n',
  )
})

test('what is below the level is not written', () => {
  const { logger, lines } = recorded({ level: 'warn', format: 'json' })
  for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]('said')
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(['warn', 'error'])
})

function recorded(options: StderrLoggerOptions) {
  const lines: string[] = []
  return { logger: stderrLogger({ ...options, write: (line) => lines.push(line) }), lines }
}
