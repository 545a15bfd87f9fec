import { SimWorld } from '@odradek/runtime/sim'
import { Admin, type AdminOptions } from '../../src/index.ts'
import { ScriptedNode } from './scripted-node.ts'

/** A simulated world of scripted nodes 1, 2, ... at `broker-1:9092` and so on, and one admin client, in virtual time. */
export interface AdminWorld {
  readonly world: SimWorld
  readonly nodes: readonly ScriptedNode[]
  readonly admin: Admin
}

/** What may be chosen about a world. */
export type AdminWorldOptions = Partial<AdminOptions> & { readonly nodeCount?: number }

/** Makes a world; nothing has been asked in it. The first node is the controller, leads every partition and coordinates every group. */
export async function adminWorld({ nodeCount = 1, ...options }: AdminWorldOptions = {}): Promise<AdminWorld> {
  const world = new SimWorld({ seed: 1 })
  const brokers = Array.from({ length: nodeCount }, (_, index) => {
    return { nodeId: index + 1, host: `broker-${index + 1}`, port: 9092 }
  })
  const nodes: ScriptedNode[] = []
  for (const { nodeId, host } of brokers) {
    const { transport } = world.node(host).start()
    const node = new ScriptedNode({ transport, nodeId, brokers })
    await world.settle(node.listen())
    nodes.push(node)
  }
  const { clock, random, transport, storage } = world.node('client').start()
  const ports = { clock, random, transport, storage }
  return { world, nodes, admin: new Admin({ bootstrapServers: 'broker-1:9092', ...ports, ...options }) }
}
