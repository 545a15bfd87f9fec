export { ProtocolError } from './protocol-error.ts'
export { Reader } from './reader.ts'
export { metadataTopicId, oneUuid, parseUuid, printUuid, randomUuid, zeroUuid } from './uuid.ts'
export { Writer } from './writer.ts'
