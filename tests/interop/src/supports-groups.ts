import kafkajs from 'kafkajs'

/** Whether a broker coordinates groups. kafkajs refuses to send what the broker does not list among its APIs. */
export async function supportsGroups(bootstrap: string): Promise<boolean> {
  const admin = new kafkajs.Kafka({
    clientId: 'interop-setup',
    brokers: bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin()
  await admin.connect()
  try {
    await admin.listGroups()
    return true
  } catch {
    return false
  } finally {
    await admin.disconnect()
  }
}
