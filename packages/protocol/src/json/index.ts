export { fromJson } from './from-json.ts'
export { type JsonValue, toJson } from './to-json.ts'
