export type { Clock } from './clock.ts'
export { Hooks } from './hooks.ts'
export { type LogFields, type Logger, silentLogger } from './logger.ts'
export { MemoryStorage, type MemoryStorageOptions } from './memory/memory-storage.ts'
export { MemoryTransport, type MemoryTransportOptions } from './memory/memory-transport.ts'
export type { Random } from './random.ts'
export {
  type DirectoryEntry,
  type Storage,
  StorageError,
  type StorageErrorCode,
  type StorageFile,
  type StorageLock,
} from './storage.ts'
export {
  type Address,
  type Connection,
  type ConnectionHandlers,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type TlsClientOptions,
  type TlsServerOptions,
  type Transport,
  TransportError,
  type TransportErrorCode,
} from './transport.ts'
