import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Not `module`, which is for bundlers: what it names Node cannot always load.
const conditions = ['@odradek/source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages,apps,tooling,tests}/*/test/**/*.{test,sim,fuzz}.ts'],
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism()),
    // Files share a worker's modules: no module has state (tidy sees to it), and loading the codecs for each file costs more than the tests.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
