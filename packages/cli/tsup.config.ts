import { defineConfig, type Options } from 'tsup'

const common: Options = { format: ['esm'], target: 'node22', sourcemap: true }

export default defineConfig([
  {
    ...common,
    entry: ['src/index.ts'],
    dts: true,
    // The commands stand in a directory below and are built at the same time.
    clean: ['!bin'],
  },
  {
    // The commands carry all layers with them, without what they do not call; what several need is in files of its own.
    ...common,
    entry: ['src/bin/*.ts'],
    outDir: 'dist/bin',
    noExternal: [/.*/],
    splitting: true,
    esbuildOptions: (options) => {
      options.conditions = ['@odradek/source']
    },
    // Names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    clean: true,
  },
])
