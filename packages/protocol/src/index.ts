export { type ApiKey, type ApiName, apiByKey, apiKeyList, apiKeys } from './api-keys.ts'
export { Codecs } from './compression/codecs.ts'
export { type CompressionCodec, type CompressionType, compressionTypes } from './compression/compression-codec.ts'
export { defaultCodecs } from './compression/default-codecs.ts'
export { crc32c, crc32cTypeScript } from './crc32c.ts'
export { type ErrorName, type ErrorRow, errorByCode, errorByName, errorList, errors } from './errors.ts'
export { defaultMaxFrameBytes, FrameDecoder, type FrameDecoderOptions } from './frame-decoder.ts'
export {
  decodeResponse,
  encodeRequestFrame,
  encodeResponseFrame,
  type RequestFrameOptions,
  type ResponseFrameOptions,
} from './frames.ts'
export { readRequestHeader, readResponseHeader, requestHeaderVersion, responseHeaderVersion } from './headers.ts'
export {
  type BytesInput,
  decode,
  encode,
  type Input,
  type MessageKind,
  type MessageType,
  type RawTaggedField,
} from './message-type.ts'
export { murmur2 } from './murmur2.ts'
export { ProtocolError } from './protocol-error.ts'
export { Reader } from './reader.ts'
export {
  type ControlRecord,
  type ControlRecordInput,
  type ControlRecordType,
  controlRecordTypes,
  encodeControlBatch,
  encodeControlRecord,
  readControlRecord,
  readControlRecordTypeId,
} from './records/control-record.ts'
export { type EmptyRecordBatchOptions, emptyRecordBatch } from './records/empty-record-batch.ts'
export { LegacyRecordBatch } from './records/legacy-record-batch.ts'
export type { KafkaRecord, NewRecord, NewRecordHeader, RecordHeader } from './records/record.ts'
export {
  batchSize,
  defaultMaxDecompressedBytes,
  logOverheadBytes,
  type ProducerState,
  type ReadRecordsOptions,
  type RecordBatch,
  recordBatchOverheadBytes,
  type TimestampType,
} from './records/record-batch.ts'
export { RecordBatchBuilder, type RecordBatchBuilderOptions } from './records/record-batch-builder.ts'
export { incrementSequence, RecordBatchView } from './records/record-batch-view.ts'
export { fetchedRecordBatches, type RecordBatchesOptions, recordBatches } from './records/record-batches.ts'
export { RecordView } from './records/record-view.ts'
export { metadataTopicId, oneUuid, parseUuid, printUuid, randomUuid, zeroUuid } from './uuid.ts'
export { Writer } from './writer.ts'
