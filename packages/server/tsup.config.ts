import { defineConfig, type Options } from 'tsup'

const common: Options = { format: ['esm'], target: 'node22', sourcemap: true }

export default defineConfig([
  {
    ...common,
    entry: ['src/index.ts', 'src/process.ts'],
    dts: true,
    // The commands stand in a directory below and are built at the same time.
    clean: ['!bin'],
  },
  {
    // A command carries all layers with it, without what it does not call: that halves the time its code takes to load.
    ...common,
    entry: ['src/bin/*.ts'],
    outDir: 'dist/bin',
    noExternal: [/^@odradek\//],
    esbuildOptions: (options) => {
      options.conditions = ['@odradek/source']
    },
    // Names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    clean: true,
  },
])
