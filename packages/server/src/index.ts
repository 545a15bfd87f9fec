export { type EmbeddedBroker, type EmbeddedBrokerOptions, startBroker } from './embedded-broker.ts'
export { EmbeddedTransport } from './embedded-transport.ts'
