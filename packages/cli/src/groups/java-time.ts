const dateTime = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)(Z|[+-]\d{2}(?::?\d{2})?)/

/**
 * Milliseconds since the epoch of `2026-01-31T08:00:00.000`, in UTC or with an offset behind it. Kafka: `Utils.getDateTime`.
 * @throws Error in Kafka's words
 */
export function parseDateTime(text: string): number {
  const [, time] = text.split('T')
  if (time === undefined)
    throw new Error(
      "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format",
    )
  const zoned = /[+\-Z]/.test(time) ? text : `${text}Z`
  const found = dateTime.exec(zoned)
  if (found === null) throw new Error(`java.text.ParseException: Unparseable date: "${zoned}"`)
  const [, year, month, day, hour, minute, second, milliseconds, zone] = found
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(milliseconds),
  )
  return utc - zoneOffsetMs(zone!)
}

function zoneOffsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const digits = zone.slice(1).replace(':', '')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000
}

const duration = /^([+-]?)P(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i

/** Milliseconds of `P1DT2H3M4.5S`. Java: `Duration.parse`. @throws Error in Java's words */
export function parseDuration(text: string): number {
  const found = duration.exec(text)
  const isBare = /^[+-]?P$|T$/i.test(text)
  if (found === null || isBare) throw new Error('Text cannot be parsed to a Duration')
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = found
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  const part = Number(`0.${fraction}0`) * (seconds.startsWith('-') ? -1 : 1)
  return (sign === '-' ? -1 : 1) * (whole + part) * 1000
}
