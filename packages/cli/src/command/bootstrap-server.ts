import type { ParsedOptions } from '../options/option-parser.ts'
import { type Usage, usageError } from './usage.ts'

/** Ends unless `--bootstrap-server` names hosts with ports. Kafka: `ToolsUtils.validateBootstrapServer`. @throws CommandExit */
export function checkBootstrapServer(usage: Usage, options: ParsedOptions): void {
  const given = options.required('bootstrap-server')
  if (given.trim() === '') throw usageError(usage, 'Error while validating the bootstrap address\n')
  const isAddress = (text: string) => /^(?:\[[\da-fA-F:]+\]|[^\s:[\]]+):\d+$/.test(text)
  if (!given.split(',').every(isAddress)) {
    throw usageError(usage, 'Please provide valid host:port like host1:9091,host2:9092\n')
  }
}
