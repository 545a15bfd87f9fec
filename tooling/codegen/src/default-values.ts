import { constantName } from './names.ts'
import type { Field } from './schema.ts'

/** The name of the function that makes a struct of defaults. */
export function factoryName(typeName: string): string {
  return `new${typeName}`
}

/** The name of the function that tells whether a struct holds nothing but defaults. */
export function isDefaultName(typeName: string): string {
  return `isDefault${typeName}`
}

/** Whether the field's default is null. */
export function defaultsToNull(field: Field): boolean {
  return field.defaultText === 'null'
}

/** The TypeScript expression for a field's default in an object that may be changed. */
export function freshDefault(field: Field): string {
  if (defaultsToNull(field)) return 'null'
  if (field.isArray) return '[]'
  if (typeof field.type !== 'string') return `${factoryName(field.type.typeName)}()`
  return field.type === 'bytes' || field.type === 'records' ? 'new Uint8Array(0)' : scalarDefault(field)
}

/** The same for an object that is only read, without making one. */
export function sharedDefault(field: Field): string {
  if (defaultsToNull(field)) return 'null'
  if (field.isArray) return 'noElements'
  if (typeof field.type !== 'string') return 'noFields'
  return field.type === 'bytes' || field.type === 'records' ? 'noBytes' : scalarDefault(field)
}

/** The expression that is true when `value.field` was given and is not the default. */
export function isNotDefault(field: Field): string {
  const value = `value.${field.name}`
  const given = `${value} !== undefined`
  if (defaultsToNull(field)) return `${given} && ${value} !== null`
  const isBytes = field.type === 'bytes' || field.type === 'records'
  if (field.isArray || isBytes) {
    return field.nullable === null ? `${given} && ${value}.length > 0` : `${given} && ${value}?.length !== 0`
  }
  if (typeof field.type !== 'string') {
    const test = `!${isDefaultName(field.type.typeName)}(${value})`
    return field.nullable === null ? `${given} && ${test}` : `${given} && (${value} === null || ${test})`
  }
  return `${given} && ${value} !== ${scalarDefault(field)}`
}

/** The TypeScript type of one element of the field. */
export function elementType(field: Field): string {
  if (typeof field.type !== 'string') return field.type.typeName
  switch (field.type) {
    case 'string':
    case 'uuid':
      return 'string'
    case 'bool':
      return 'boolean'
    case 'bytes':
    case 'records':
      return 'Uint8Array'
    default:
      return field.bigint ? 'bigint' : 'number'
  }
}

/** The TypeScript type of the field. */
export function fieldType(field: Field): string {
  const type = elementType(field) + (field.isArray ? '[]' : '')
  return field.nullable === null ? type : `${type} | null`
}

/** The suffix of the Reader's and Writer's method for a primitive: `Int64` for `readInt64`. */
export function methodSuffix(field: Field): string {
  const type = field.type
  if (typeof type !== 'string') throw new Error(`${field.name} is a struct`)
  if (field.bigint) return 'BigInt64'
  if (field.defaultText === 'infinity') return 'Int64OrInfinity'
  if (type === 'bool') return 'Boolean'
  if (type === 'records') return 'Bytes'
  return type.charAt(0).toUpperCase() + constantName(type).slice(1)
}

/** Whether the primitive has a compact form. */
export function hasCompactForm(field: Field): boolean {
  return field.type === 'string' || field.type === 'bytes' || field.type === 'records'
}

function scalarDefault(field: Field): string {
  const text = field.defaultText
  switch (field.type) {
    case 'string':
      return `'${text ?? ''}'`
    case 'uuid':
      return 'zeroUuid'
    case 'bool':
      return text ?? 'false'
    default:
      if (text === 'infinity') return 'Number.POSITIVE_INFINITY'
      return (text ?? '0') + (field.bigint ? 'n' : '')
  }
}
