/** Configs of former releases that still stand in many files, and why they mean nothing now. */
export const removedConfigs: ReadonlyMap<string, string> = new Map([
  ['broker.id.generation.enable', 'node.id has to be set'],
  ['control.plane.listener.name', 'controllers have listeners of their own'],
  ['inter.broker.protocol.version', 'metadata.version took its place'],
  ['log.message.format.version', 'there is one message format, version 2'],
  [
    'log.message.timestamp.difference.max.ms',
    'log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms took its place',
  ],
  ['offsets.commit.required.acks', 'offsets are always committed with acks=all'],
  ['password.encoder.secret', 'passwords are no longer kept in ZooKeeper'],
  ['reserved.broker.max.id', 'node.id has to be set'],
])
