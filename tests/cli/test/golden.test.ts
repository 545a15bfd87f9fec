import { missing } from '@odradek/interop/runtimes'
import { targetMissing, targetNames } from '@odradek/interop/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokerInvocations } from '../src/broker-invocations.ts'
import { configInvocations } from '../src/config-invocations.ts'
import { consoleInvocations } from '../src/console-invocations.ts'
import { fill } from '../src/contents.ts'
import { Golden } from '../src/golden.ts'
import { groupInvocations } from '../src/group-invocations.ts'
import { comparedLines, type Invocation } from '../src/invocation.ts'
import { topicInvocations } from '../src/topic-invocations.ts'

const withoutJava = missing('java')
const availability = targetNames().map((name) => ({ name, why: withoutJava ?? targetMissing(name) }))
const invocations: readonly Invocation[] = [
  ...topicInvocations,
  ...brokerInvocations,
  ...groupInvocations,
  ...configInvocations,
  ...consoleInvocations,
]

describe.each(availability)("our commands say on $name what Kafka's say", ({ name, why }) => {
  if (why !== undefined) return test.skip(`skipped: ${why}`)
  let golden: Golden
  let contents: AsyncDisposable
  beforeAll(async () => {
    golden = await Golden.start(name)
    contents = await fill(golden)
  }, 90_000)
  afterAll(async () => {
    await contents?.[Symbol.asyncDispose]()
    await golden?.[Symbol.asyncDispose]()
  }, 30_000)

  // In this order: some invocations change what later ones show.
  test.each(invocations.filter(({ only }) => only === undefined || only === name))(
    '$command $line',
    async (invocation) => {
      const { ours, kafka } = await golden.compare(invocation)
      expect({ code: ours.code, stdout: comparedLines(ours.stdout, invocation) }).toEqual({
        code: kafka.code,
        stdout: comparedLines(kafka.stdout, invocation),
      })
      // Options of our own stand below Kafka's table, and only there.
      if (!invocation.isUnordered && /^Option .*Description/m.test(kafka.stderr)) {
        const expected = withoutGroup(kafka.stderr)
        expect(usageText(withoutGroup(ours.stderr), expected.length)).toEqual(usageText(expected, expected.length))
      }
    },
  )
})

/** The first line of a refusal, where Java lists options in any order, and the table below it. */
function usageText(text: string, length: number): object {
  const [refusal = '', ...table] = text.slice(0, length).split('\n')
  return { refusal: refusal.split(/[\s,[\]"]+/).sort(), table }
}

/** A table without the group that kafka-consumer-perf-test makes up. */
function withoutGroup(text: string): string {
  return text.replace(/perf-consumer-\d+\) */, 'perf-consumer-N)')
}
