/**
 * The lines of an input, as Java's BufferedReader takes them: they end with LF, CR or CR LF, bytes that are no UTF-8 become U+FFFD, and
 * what stands behind the last line break is a line, too. Ends early when the signal is aborted.
 */
export async function* inputLines(input: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  let afterReturn = false
  for await (const chunk of until(input, signal)) {
    let text = decoder.decode(chunk, { stream: true })
    if (text === '') continue
    if (afterReturn && text.startsWith('\n')) text = text.slice(1)
    afterReturn = text.endsWith('\r')
    const lines = (rest + text).split(/\r\n|\r|\n/)
    rest = lines.pop()!
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '' && !signal.aborted) yield rest
}

/** The chunks that come before the signal is aborted. */
async function* until(input: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const aborted = new Promise<{ readonly done: true; readonly value: undefined }>((resolve) => {
    const end = () => resolve({ done: true, value: undefined })
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
  const chunks = input[Symbol.asyncIterator]()
  while (true) {
    const next = await Promise.race([chunks.next(), aborted])
    if (next.done === true) return
    yield next.value
  }
}
