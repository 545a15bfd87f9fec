import { ProtocolError } from '../protocol-error.ts'

/** What a library threw while decompressing, as a ProtocolError. */
export function decompressionError(codec: string, error: unknown, maxBytes: number): ProtocolError {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
    return tooLargeError(codec, maxBytes)
  }
  return new ProtocolError(`${codec} data is damaged: ${error instanceof Error ? error.message : String(error)}`)
}

/** The error of a batch that decompresses to more than is allowed. */
export function tooLargeError(codec: string, maxBytes: number): ProtocolError {
  return new ProtocolError(`${codec} data takes more than ${maxBytes} bytes decompressed`)
}
