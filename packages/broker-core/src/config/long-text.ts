const LONG_MAX = '9223372036854775807'
const LONG_MIN = '-9223372036854775808'

/** A LONG as Kafka prints it; `Infinity` is the largest, `-Infinity` the smallest. */
export function longText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return LONG_MAX
  if (value === Number.NEGATIVE_INFINITY) return LONG_MIN
  return String(value)
}

/** The smallest and the largest value of each of Kafka's whole number types. */
export const wholeNumberRange = {
  SHORT: [-32_768n, 32_767n],
  INT: [-2_147_483_648n, 2_147_483_647n],
  LONG: [BigInt(LONG_MIN), BigInt(LONG_MAX)],
} as const

/** A double as Java prints it: `0.5`, `1.0`, `1.7976931348623157E308`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  const size = Math.abs(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}
