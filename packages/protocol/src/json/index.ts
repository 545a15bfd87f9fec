export { fromJson } from './from-json.ts'
export { type JsonValue, toJson, toRawJson } from './to-json.ts'
