import { describe, expect, test } from 'vitest'
import {
  alterableBrokerConfigs,
  clientMetricsConfigs,
  configReference,
  groupConfigs,
  topicConfigs,
} from '../../src/config.ts'

const note = `Generated from the tables in \`packages/broker-core/src/config\`; \`npx vitest run packages/broker-core/test/config -u\` writes it anew.
Names, types, defaults and valid values are Apache Kafka 4.4's. 9223372036854775807 stands for "no limit".`

describe('the reference in docs/configs is what the tables say', () => {
  test.each([
    ['broker', 'Broker configs', alterableBrokerConfigs],
    ['topic', 'Topic configs', topicConfigs],
    ['group', 'Group configs', groupConfigs],
    ['client-metrics', 'Client metrics configs', clientMetricsConfigs],
  ] as const)('%s', async (name, title, table) => {
    const text = `# ${title}\n\n${note}\n\n${configReference(table)}`
    await expect(text).toMatchFileSnapshot(`../../../../docs/configs/${name}.md`)
  })
})
