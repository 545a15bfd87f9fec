/** An error that a handler can tell only by closing the connection, such as a failed produce without acknowledgement. */
export class ClosesConnection extends Error {
  override readonly name = 'ClosesConnection'
}
