import { type ErrorName, errors } from '@odradek/protocol'

/** An expected failure: a row of the error table and what to tell. */
export interface GroupError {
  readonly error: ErrorName
  readonly message: string
}

/** The failure, told in the words of the error table where there are no better ones. */
export function groupError(error: ErrorName, message: string = errors[error].message): GroupError {
  return { error, message }
}

/** True for a failure in place of an answer. */
export function isGroupError(value: object): value is GroupError {
  return 'error' in value && 'message' in value
}
