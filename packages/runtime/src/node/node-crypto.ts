/**
 * Node's `node:crypto`. Not by an `import`, which looks at every export of the module: one of them is WebCrypto, whose code is only
 * then loaded and takes longer than everything else a server needs of Node.
 */
export const nodeCrypto = () => process.getBuiltinModule('node:crypto')
