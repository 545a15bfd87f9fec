import { allocateProducerIds } from '@odradek/quorum'
import type { Controller } from './metadata/controller.ts'

/** Gives each idempotent producer an id of its own, from blocks the controller hands out (KIP-730). */
export class ProducerIds {
  readonly #controller: Controller
  readonly #broker: () => { readonly brokerId: number; readonly brokerEpoch: number }
  #next = 0
  #end = 0
  #allocation: Promise<void> | undefined

  constructor(controller: Controller, broker: () => { readonly brokerId: number; readonly brokerEpoch: number }) {
    this.#controller = controller
    this.#broker = broker
  }

  /** An id that no other producer has or had. */
  async next(): Promise<number> {
    while (this.#next === this.#end) {
      this.#allocation ??= this.#allocate().finally(() => {
        this.#allocation = undefined
      })
      await this.#allocation
    }
    return this.#next++
  }

  async #allocate(): Promise<void> {
    const block = await this.#controller.run((context) => allocateProducerIds(this.#broker(), context))
    if (block.errorCode) throw new Error(`no producer ids: the controller answered with error ${block.errorCode}`)
    this.#next = block.producerIdStart ?? 0
    this.#end = this.#next + (block.producerIdLen ?? 0)
  }
}
