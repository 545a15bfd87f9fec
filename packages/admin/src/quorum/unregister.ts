import {
  unregisterBrokerRequest,
  unregisterBrokerResponse,
  unregisterControllerRequest,
  unregisterControllerResponse,
} from '@odradek/protocol/messages'
import type { CallOptions } from '../core/admin-call.ts'
import type { AdminCore } from '../core/admin-core.ts'
import { errorOf } from '../core/answer-error.ts'
import { errorNames } from '../core/routes.ts'

const unregisterBrokerApi = { request: unregisterBrokerRequest, response: unregisterBrokerResponse }
const unregisterControllerApi = { request: unregisterControllerRequest, response: unregisterControllerResponse }
const retryOn = errorNames('REQUEST_TIMED_OUT', 'NOT_CONTROLLER')

/** Makes the cluster forget a broker that is gone for good. */
export function unregisterBroker(core: AdminCore, brokerId: number, options: CallOptions = {}): Promise<void> {
  return core.run('unregisterBroker', options, async (call) => {
    await call.ask({ api: unregisterBrokerApi, to: 'any', body: { brokerId }, check: errorOf, retryOn })
  })
}

/** Makes the cluster forget a controller that is gone for good. */
export function unregisterController(core: AdminCore, controllerId: number, options: CallOptions = {}): Promise<void> {
  return core.run('unregisterController', options, async (call) => {
    await call.ask({ api: unregisterControllerApi, to: 'any', body: { controllerId }, check: errorOf, retryOn })
  })
}
