import { KafkaError } from '@odradek/client'
import { errorList } from '@odradek/protocol'
import { expect, test } from 'vitest'
import { kafkaExceptionMessage, kafkaExceptionName } from '../src/index.ts'

test('every error of Kafka has the class and the words of its exception', () => {
  for (const { code, name } of errorList.filter((row) => row.code !== 0)) {
    const error = KafkaError.fromCode(code, {})
    expect(kafkaExceptionName(error), name).toMatch(/^org\.apache\.kafka\.common\.(errors\.)?[A-Z]\w+$/)
    expect(kafkaExceptionMessage(error), name).toMatch(/^\S/)
  }
})

test.each([
  [36, null, 'TopicExistsException', 'Topic with this name already exists.'],
  [36, "Topic 'a' already exists.", 'TopicExistsException', "Topic 'a' already exists."],
  [69, null, 'GroupIdNotFoundException', 'The group id does not exist.'],
])('error %i with the message %j is %s: %s', (code, detail, name, message) => {
  const error = KafkaError.fromCode(code, {}, detail)
  expect(kafkaExceptionName(error)).toBe(`org.apache.kafka.common.errors.${name}`)
  expect(kafkaExceptionMessage(error)).toBe(message)
})
