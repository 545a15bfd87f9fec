import { describe, expect, test } from 'vitest'
import { parseSchema } from '../src/parse-schema.ts'

const schema = `# A comment.
request ExampleRequest, key 7, versions 2-5, flexible 4+, listeners broker controller
  struct Shared 3+
    id: int32
  name: string? 3+ = null, tag 0, ignorable, mapKey, entity topicName
  exampleItems: []ExampleItem?
    limit: int64 5 = infinity
    shared: Shared 3+, nullable 4+
`

describe('the schema notation', () => {
  test('gives each field its versions within those of what holds it', () => {
    const [message] = parseSchema(schema, 'example.schema')
    const shared = {
      name: 'Shared',
      typeName: 'ExampleRequestShared',
      versions: { from: 3, to: 5 },
      fields: [field('id', 'int32', { versions: { from: 3, to: 5 } })],
    }
    const item = {
      name: 'ExampleItem',
      typeName: 'ExampleRequestItem',
      versions: { from: 2, to: 5 },
      fields: [
        field('limit', 'int64', { versions: { from: 5, to: 5 }, defaultText: 'infinity' }),
        field('shared', shared, { versions: { from: 3, to: 5 }, nullable: { from: 4, to: 5 } }),
      ],
    }
    expect(message).toMatchObject({
      kind: 'request',
      name: 'ExampleRequest',
      key: 7,
      versions: { from: 2, to: 5 },
      flexibleFrom: 4,
      listeners: ['broker', 'controller'],
      latestVersionUnstable: false,
    })
    expect(message?.root.fields).toEqual([
      field('name', 'string', {
        versions: { from: 3, to: 5 },
        nullable: { from: 3, to: 5 },
        defaultText: 'null',
        tag: 0,
        ignorable: true,
      }),
      field('exampleItems', item, { isArray: true, nullable: { from: 2, to: 5 } }),
    ])
    expect(message?.structs.map(({ name }) => name)).toEqual(['Shared', 'ExampleItem', 'ExampleRequest'])
  })

  test.each([
    ['a line that is not a field', 'data X, versions 0\n  oops\n', 'line 2: not a field: oops'],
    ['an indent of three', 'data X, versions 0\n   a: int8\n', 'line 2: unexpected indent'],
    ['a struct that is nowhere', 'data X, versions 0\n  a: []Nowhere\n', 'line 2: no struct Nowhere'],
    ['versions outside those of the message', 'data X, versions 0-2\n  a: int8 3+\n', 'no version of 3+ is within 0-2'],
    [
      'one struct twice',
      'data X, versions 0\n  a: Y\n    b: int8\n  c: Y\n    d: int8\n',
      'struct Y is declared twice',
    ],
  ])('%s is an error that names the file', (_, text, message) => {
    expect(() => parseSchema(text, 'x.schema')).toThrow(`x.schema: ${message}`)
  })
})

function field(name: string, type: unknown, rest: object): object {
  return {
    name,
    type,
    isArray: false,
    versions: { from: 2, to: 5 },
    nullable: null,
    defaultText: null,
    tag: -1,
    ignorable: false,
    bigint: false,
    neverCompact: false,
    ...rest,
  }
}
