import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/process.ts', 'src/bin/kafka-server-start.ts', 'src/bin/kafka-storage.ts'],
  format: ['esm'],
  target: 'node22',
  dts: { entry: ['src/index.ts', 'src/process.ts'] },
  sourcemap: true,
  clean: true,
})
