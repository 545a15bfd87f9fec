import { describe, test } from 'vitest'
import { SimDisk, SimRandom, SimWorld } from '../../src/sim/index.ts'
import {
  clockConformance,
  randomConformance,
  storageConformance,
  transportConformance,
} from '../../src/testing/index.ts'

describe('SimRandom', () => {
  randomConformance(test, { open: () => new SimRandom(1) })
})

describe('SimDisk without a clock', () => {
  storageConformance(test, {
    open: () => {
      const storage = new SimDisk({ random: new SimRandom(1) }).mount()
      storage.makeDirectory('/data')
      return { storage, directory: '/data' }
    },
  })
})

describe.each([1, 2, 3])('a world with seed %i', (seed) => {
  let world: SimWorld
  const begin = () => {
    world = new SimWorld({ seed })
    return world.node('alone', { disk: { readDelayMs: [0.1, 9], syncDelayMs: [1, 20] } }).start()
  }
  const run = (body: () => Promise<void>) => world.settle(body())

  describe('its clock', () => {
    clockConformance(test, { open: () => begin().clock, run })
  })

  describe('its disk', () => {
    storageConformance(test, {
      open: () => {
        const { storage } = begin()
        storage.makeDirectory('/data')
        return { storage, directory: '/data' }
      },
      run,
    })
  })

  describe('its network, to the node itself', () => {
    transportConformance(test, { open: () => ({ transport: begin().transport, host: 'alone' }), run })
  })

  describe('its network, between two nodes', () => {
    transportConformance(test, {
      open: () => {
        const near = begin().transport
        const far = world.node('far').start().transport
        return { transport: { listen: far.listen.bind(far), connect: near.connect.bind(near) }, host: 'far' }
      },
      run,
    })
  })
})
