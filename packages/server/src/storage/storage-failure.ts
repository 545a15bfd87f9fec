/** An expected failure of `kafka-storage`: it is printed as one line and the exit code is 1. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
}
