import { expect, test } from 'vitest'
import { runServerStop, serverPids } from '../src/server-stop-command.ts'

const processes = [
  '  101 /usr/bin/node --max-semi-space-size=2 /opt/app/node_modules/.bin/kafka-server-start config/server.properties',
  '  102 node /opt/app/node_modules/.bin/kafka-server-start.sh server.properties',
  '  103 node /opt/app/node_modules/.bin/odradek server-start server.properties',
  '  104 node /opt/app/node_modules/.bin/odradek topics --list',
  '  105 vim kafka-server-start',
  '  106 grep kafka-server-start',
  '  107 node app.js kafka-server-start',
].join('\n')

test('the processes in which Node runs kafka-server-start are found, and no others', () => {
  expect(serverPids(processes)).toEqual([101, 102, 103])
})

test('every broker gets SIGTERM', () => {
  const sent: [number, string][] = []
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const kill = (pid: number, signal: string) => void sent.push([pid, signal])
  const exitCode = runServerStop({ processes, kill, signal: 'TERM', out: write, err: write })
  expect({ exitCode, sent, lines }).toEqual({
    exitCode: 0,
    sent: [
      [101, 'SIGTERM'],
      [102, 'SIGTERM'],
      [103, 'SIGTERM'],
    ],
    lines: [],
  })
})

test('without a broker it says so in the words of Kafka and ends with 1', () => {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const exitCode = runServerStop({ processes: '', kill: () => undefined, signal: 'TERM', out: write, err: write })
  expect({ exitCode, lines }).toEqual({ exitCode: 1, lines: ['No kafka server to stop'] })
})
