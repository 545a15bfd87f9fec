import { KafkaError } from '@odradek/client'
import { findCoordinatorRequest, findCoordinatorResponse } from '@odradek/protocol/messages'
import type { AdminCall, Target } from './admin-call.ts'
import type { Route } from './item-call.ts'
import { errorNames } from './routes.ts'

const findCoordinatorApi = { request: findCoordinatorRequest, response: findCoordinatorResponse }
const firstVersionOfMany = 4
const keyTypes = { group: 0, transaction: 1, share: 2 } as const

/** What a coordinator coordinates. */
export type CoordinatorType = keyof typeof keyTypes

/** Each item to the coordinator of the key it has: a group id or a transactional id. Kafka: `CoordinatorStrategy`. */
export function toCoordinator<Item>(type: CoordinatorType, keyOf: (item: Item) => string): Route<Item> {
  return {
    async locate(call, items) {
      const keys = [...new Set([...items.values()].map(keyOf))]
      const coordinators = await findCoordinators(call, type, keys)
      return new Map([...items].map(([name, item]) => [name, coordinators.get(keyOf(item))!] as const))
    },
    movedOn: errorNames('NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'),
    retryOn: errorNames('COORDINATOR_LOAD_IN_PROGRESS'),
  }
}

async function findCoordinators(
  call: AdminCall,
  type: CoordinatorType,
  keys: readonly string[],
): Promise<Map<string, Target | KafkaError>> {
  call.apiNameOf(findCoordinatorApi)
  const node = await call.node('any')
  const keyType = keyTypes[type]
  const connection = await call.within(node.connect())
  if (connection.versionOf(findCoordinatorApi) < firstVersionOfMany) {
    const answers = await Promise.all(
      keys.map(async (key) => {
        const { response } = await call.request(node, findCoordinatorApi, (version) =>
          version === 0 ? { key } : { key, keyType },
        )
        return [key, placeOf(response, key)] as const
      }),
    )
    return new Map(answers)
  }
  const { response } = await call.request(node, findCoordinatorApi, { keyType, coordinatorKeys: keys })
  const found = new Map(response.coordinators.map((row) => [row.key, placeOf(row, row.key)] as const))
  return new Map(
    keys.map((key) => {
      const none = new KafkaError('UNKNOWN_SERVER_ERROR', `FindCoordinator: the answer says nothing of ${key}`)
      return [key, found.get(key) ?? none] as const
    }),
  )
}

function placeOf(
  row: { readonly errorCode: number; readonly errorMessage: string | null; readonly nodeId: number },
  key: string,
): Target | KafkaError {
  if (row.errorCode === 0) return row.nodeId
  return KafkaError.fromCode(row.errorCode, { api: `FindCoordinator of ${key}` }, row.errorMessage)
}
