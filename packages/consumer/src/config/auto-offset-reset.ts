import { type ConfigRow, row } from '@odradek/client'
import { z } from 'zod'

/** What is done where there is no offset to begin from. `durationMs` is how far back from now. Kafka: `AutoOffsetResetStrategy`. */
export type AutoOffsetResetStrategy =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'none' }
  | { readonly kind: 'by_duration'; readonly durationMs: number }

const words = ['earliest', 'latest', 'none'] as const
const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9}))?S)?)?$/i

/** Reads `earliest`, `latest`, `none` or `by_duration:PnDTnHnMn.nS` (KIP-1106); undefined for anything else. */
export function parseOffsetReset(text: string): AutoOffsetResetStrategy | undefined {
  const kind = words.find((word) => word === text.toLowerCase())
  if (kind !== undefined) return { kind }
  const given = /^by_duration:(.+)$/i.exec(text)?.[1]
  const parts = given === undefined || /[PT]$/i.test(given) ? null : duration.exec(given)
  if (parts === null) return undefined
  const [days, hours, minutes, seconds] = parts.slice(1, 5).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ]
  const fraction = Math.floor(Number(`0.${parts[5] ?? '0'}`) * 1000)
  const durationMs = ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1000 + fraction
  return { kind: 'by_duration', durationMs }
}

/** The row of `auto.offset.reset`; the code reads its text by `parseOffsetReset`. */
export const autoOffsetReset: ConfigRow<string> = row({
  schema: z
    .string()
    .refine(
      (text) => parseOffsetReset(text) !== undefined,
      'neither latest, earliest nor none, nor by_duration: with an ISO 8601 duration',
    ),
  default: 'latest',
  doc: 'Where to begin where nothing is committed, or the offset is not there: the end, the first record, an error, or a time ago.',
  importance: 'medium',
  fromText: (text) => text,
  type: 'latest \\| earliest \\| none \\| by_duration:PnDTnHnMn.nS',
})
