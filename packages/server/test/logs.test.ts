import { expect, test } from 'vitest'
import { jsonLogger } from '../src/logs.ts'

function newLog(level: 'debug' | 'info' | 'warn' | 'error') {
  const lines: string[] = []
  const logger = jsonLogger(level, { write: (line) => lines.push(line) })
  return { logger, entries: () => lines.map((line) => JSON.parse(line)) }
}

test('a log line is one JSON object with level, time, message and fields', () => {
  const { logger, entries } = newLog('info')
  logger.child({ nodeId: 1 }).warn('A log directory failed', { directory: '/a' })
  expect(entries()).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      message: 'A log directory failed',
      nodeId: 1,
      directory: '/a',
    },
  ])
})

test('lines below the level are left out', () => {
  const { logger, entries } = newLog('warn')
  logger.debug('a')
  logger.info('b')
  logger.warn('c')
  logger.error('d')
  expect(entries().map((entry) => entry.message)).toEqual(['c', 'd'])
})

test('an error as a field is written with its message and stack', () => {
  const { logger, entries } = newLog('info')
  logger.error('Broken', { error: new Error('no space left') })
  expect(entries()[0].error).toEqual({ name: 'Error', message: 'no space left', stack: expect.any(String) })
})
