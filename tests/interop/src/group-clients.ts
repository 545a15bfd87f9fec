import { DrivenGroupClient } from './clients/driven-group-client.ts'
import { startGoDriver } from './clients/go.ts'
import { startJavaDriver } from './clients/java.ts'
import { KafkajsGroupClient } from './clients/kafkajs-group-client.ts'
import { OdradekGroupClient } from './clients/odradek-group-client.ts'
import { PlatformaticGroupClient } from './clients/platformatic-group-client.ts'
import { startPythonDriver } from './clients/python.ts'
import { type GroupClient, type GroupProtocol, groupProtocols } from './group-client.ts'
import { missing } from './runtimes.ts'

const eager: readonly GroupProtocol[] = ['range', 'roundrobin', 'sticky']

/** Starts every client that joins groups and whose runtime is here, our own among them. */
export async function startGroupClients(): Promise<readonly GroupClient[]> {
  const clients: GroupClient[] = [new KafkajsGroupClient(), new PlatformaticGroupClient(), new OdradekGroupClient()]
  if (missing('java') === undefined)
    clients.push(new DrivenGroupClient(await startJavaDriver(), 'java', groupProtocols))
  if (missing('go') === undefined) {
    const driver = await startGoDriver()
    clients.push(
      new DrivenGroupClient(driver, 'franz-go', groupProtocols),
      new DrivenGroupClient(driver, 'sarama', eager),
      new DrivenGroupClient(driver, 'kafka-go', ['range', 'roundrobin']),
    )
  }
  if (missing('python') === undefined) {
    const driver = startPythonDriver()
    clients.push(
      new DrivenGroupClient(driver, 'confluent-kafka', ['range', 'roundrobin', 'cooperative-sticky', 'consumer']),
      new DrivenGroupClient(driver, 'aiokafka', eager),
    )
  }
  return clients
}
