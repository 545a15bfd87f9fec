/**
 * Resolves on the next turn of the event loop. By then every promise reaction that can run without the outside world has run,
 * however long the chain of awaits.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
