import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assignment, partition } from './place-and-assign.ts'
import { consumer, producer, standby, tenantProducer } from './with-kafkajs.ts'

interface Block {
  file: string
  text: string
}

/** The TypeScript of a page; each block names its file in a line above it. */
function blocks(page: string): Block[] {
  const text = readFileSync(new URL(page, import.meta.url), 'utf8')
  return [...text.matchAll(/(?:^`([\w.-]+)`:?\n\n)?```ts\n([\s\S]*?)```/gm)].map(([, file = '', code = '']) => ({
    file,
    text: code,
  }))
}

const example = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

describe.each([
  ['../../../../docs/strategies.md', 9],
  ['../../README.md', 2],
] as const)('the code in %s', (page, count) => {
  it('is the code of an example that is compiled and run here', () => {
    const shown = blocks(page)
    expect(shown).toHaveLength(count)
    for (const { file, text } of shown) expect({ file, text }).toEqual({ file, text: example(file) })
  })
})

describe('the examples', () => {
  it('place and assign what they say', () => {
    const sizes = Array.from(assignment, ([memberId, { partitions }]) => [memberId, partitions.length])
    expect({ partition, sizes }).toEqual({
      partition: 1,
      sizes: [
        ['consumer-1', 6],
        ['consumer-2', 6],
      ],
    })
  })

  it('make clients of kafkajs', () => {
    expect([producer.send, tenantProducer.send, consumer.run, standby.run].map((method) => typeof method)).toEqual(
      new Array(4).fill('function'),
    )
  })
})
