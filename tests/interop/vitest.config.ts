import { mergeConfig } from 'vitest/config'
import root from '../../vitest.config.ts'

/** The whole interop suite, one file after the other, with one Apache Kafka for all of them. */
process.env['ODRADEK_INTEROP'] = 'full'

// mergeConfig joins lists, so the root's own list of tests has to go first.
export default mergeConfig(
  { ...root, test: { ...root.test, include: [] } },
  {
    test: {
      include: ['tests/interop/test/**/*.test.ts'],
      globalSetup: ['tests/interop/src/global-setup.ts'],
      fileParallelism: false,
    },
  },
)
