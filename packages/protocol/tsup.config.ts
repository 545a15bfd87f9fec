import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    messages: 'src/generated/messages.ts',
    lookup: 'src/lookup.ts',
    'metadata-records': 'src/metadata-records.ts',
    'coordinator-records': 'src/coordinator-records.ts',
    'json/index': 'src/json/index.ts',
  },
  format: ['esm'],
  target: 'node22',
  dts: true,
  sourcemap: true,
  clean: true,
})
