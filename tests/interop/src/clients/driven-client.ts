import type { ClientLimits, ForeignClient, ProduceRequest, ReadRequest } from '../foreign-client.ts'
import type { LineDriver } from '../line-driver.ts'
import type { ConsumedRecord } from '../record.ts'

/** A client that lives in a driver process. The driver belongs to whoever started it and may serve several clients. */
export class DrivenClient implements ForeignClient {
  readonly name: string
  readonly limits: ClientLimits
  readonly #driver: LineDriver

  constructor(driver: LineDriver, name: string, limits: ClientLimits = {}) {
    this.#driver = driver
    this.name = name
    this.limits = limits
  }

  async produce(request: ProduceRequest): Promise<void> {
    await this.#driver.request('produce', { client: this.name, ...request })
  }

  read({ from, ...request }: ReadRequest): Promise<readonly ConsumedRecord[]> {
    return this.#driver.request('read', { client: this.name, ...request, ...from })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close()
  }
}
