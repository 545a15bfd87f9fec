/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->`, leaving the markers.
 * Throws an `Error` when the text lacks one of them.
 */
export function fillMarkers(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`expected ${start} and, after it, ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`
}
