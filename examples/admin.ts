/** Makes a topic, looks at it, and takes it away: `node --conditions=@odradek/source examples/admin.ts localhost:9092`. */
import { Admin, kafkaExceptionMessage, onlyValue, valuesOf } from '@odradek/admin'

const [bootstrapServers = 'localhost:9092', topic = 'admin-example'] = process.argv.slice(2)

await using admin = new Admin({ bootstrapServers, clientId: 'example' })

const made = await admin.createTopics([
  { topic, partitions: 3, configs: { 'cleanup.policy': 'compact' } },
  { topic: 'not a topic' },
])
for (const [name, { error }] of made) {
  console.log(`${name}: ${error === undefined ? 'made' : kafkaExceptionMessage(error)}`)
}

const { partitions } = onlyValue(await admin.describeTopics([topic]))
console.log(
  `${topic} has ${partitions.length} partitions, led by ${partitions.map(({ leaderId }) => leaderId).join(', ')}`,
)

const { entries } = onlyValue(await admin.describeConfigs([{ type: 'TOPIC', name: topic }]))
console.log(`cleanup.policy is ${entries.get('cleanup.policy')?.value}, from ${entries.get('cleanup.policy')?.source}`)

const latest = await admin.listOffsets(partitions.map(({ partition }) => ({ topic, partition, at: 'latest' })))
for (const [name, { offset }] of valuesOf(latest)) console.log(`${name} ends at ${offset}`)

valuesOf(await admin.deleteTopics([topic]))
console.log(`${topic} is gone`)
