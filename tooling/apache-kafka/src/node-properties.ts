/** What one node's `server.properties` is made of. */
export interface NodeProperties {
  readonly nodeId: number
  readonly port: number
  readonly controllerPort: number
  readonly dataDir: string
  /** All nodes of the cluster with their controller ports, this one included. */
  readonly controllers: readonly { readonly nodeId: number; readonly controllerPort: number }[]
  /** `static` names the voters in the config, `dynamic` keeps them in the log (KIP-853, formatted with `--standalone`). */
  readonly voters: 'static' | 'dynamic'
  /** Wins over everything else. */
  readonly overrides: Readonly<Record<string, string>>
}

/** The text of a `server.properties` for one combined broker and controller on 127.0.0.1. */
export function nodeProperties(node: NodeProperties): string {
  const { controllers } = node
  const replicas = String(Math.min(controllers.length, 3))
  const listeners = `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`
  const quorum =
    node.voters === 'static'
      ? ['controller.quorum.voters', controllers.map((c) => `${c.nodeId}@127.0.0.1:${c.controllerPort}`).join(',')]
      : ['controller.quorum.bootstrap.servers', controllers.map((c) => `127.0.0.1:${c.controllerPort}`).join(',')]
  const properties = new Map<string, string>([
    ['process.roles', 'broker,controller'],
    ['node.id', String(node.nodeId)],
    [quorum[0]!, quorum[1]!],
    ['listeners', listeners],
    ['advertised.listeners', `PLAINTEXT://127.0.0.1:${node.port}`],
    ['controller.listener.names', 'CONTROLLER'],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT'],
    ['inter.broker.listener.name', 'PLAINTEXT'],
    ['log.dirs', node.dataDir],
    ['offsets.topic.replication.factor', replicas],
    ['transaction.state.log.replication.factor', replicas],
    ['transaction.state.log.min.isr', replicas === '1' ? '1' : '2'],
    ['share.coordinator.state.topic.replication.factor', replicas],
    ['share.coordinator.state.topic.min.isr', '1'],
    ['group.initial.rebalance.delay.ms', '0'],
    ['num.partitions', '1'],
    ...Object.entries(node.overrides),
  ])
  return [...properties].map(([key, value]) => `${key}=${value}\n`).join('')
}
