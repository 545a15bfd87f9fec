import { randomUUID } from 'node:crypto'
import type { GroupClient, GroupMember, GroupProtocol, JoinRequest, Polled } from '../group-client.ts'
import { ForeignError, type LineDriver } from '../line-driver.ts'

/** A client in a driver process, as a member of groups. The driver belongs to whoever started it. */
export class DrivenGroupClient implements GroupClient {
  readonly name: string
  readonly protocols: readonly GroupProtocol[]
  readonly #driver: LineDriver

  constructor(driver: LineDriver, name: string, protocols: readonly GroupProtocol[]) {
    this.#driver = driver
    this.name = name
    this.protocols = protocols
  }

  async join(request: JoinRequest): Promise<GroupMember> {
    const who = { client: this.name, member: randomUUID() }
    const ask = <Result>(op: string, args: object = {}) =>
      this.#driver.request<Result>(op, { ...who, ...args }).catch((error: unknown) => {
        if (!(error instanceof ForeignError)) throw error
        throw new ForeignError(error.foreignName, `${this.name} could not ${op}: ${error.message}`)
      })
    await ask('join', request)
    return {
      poll: () => ask<Polled>('poll'),
      commit: () => ask<void>('commitPolled'),
      leave: () => ask<void>('leave'),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close()
  }
}
