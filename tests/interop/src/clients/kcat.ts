import type { ForeignClient, ProduceRequest, ReadRequest } from '../foreign-client.ts'
import { mustRun } from '../process.ts'
import { base64, type ConsumedRecord, fromBase64, type InteropRecord } from '../record.ts'

/**
 * kcat, the command line of librdkafka. It takes headers for a whole run, so records with the same headers go together; what it prints is
 * taken apart by lengths, so keys and values may hold anything.
 */
export class KcatClient implements ForeignClient {
  readonly name = 'kcat'
  readonly limits = {
    ownTimestamps: true,
    textOnly: true,
    noNullHeaders: true,
    emptyIsNull: true,
  } as const

  async produce(request: ProduceRequest): Promise<void> {
    for (const run of runsOfSameHeaders(request.records)) {
      const lines = run.map(({ key, value }) => `${text(key)}\t${text(value)}\n`)
      const headers = run[0]!.headers.flatMap(([name, value]) => ['-H', `${name}=${text(value)}`])
      const where = ['-b', request.bootstrap, '-t', request.topic, '-p', String(request.partition)]
      const how = ['-z', request.codec, '-X', `enable.idempotence=${request.idempotent}`, '-K', '\\t', '-Z', ...headers]
      await mustRun('kcat', ['-P', ...where, ...how], { stdin: lines.join('') })
    }
  }

  async read(request: ReadRequest): Promise<readonly ConsumedRecord[]> {
    const from = 'offset' in request.from ? String(request.from.offset) : `s@${request.from.timestamp}`
    const where = ['-b', request.bootstrap, '-t', request.topic, '-p', String(request.partition), '-o', from]
    const format = [
      '-f',
      '%p %o %T %K %S %h\\n%k%s\\n',
      '-e',
      '-q',
      '-X',
      'fetch.wait.max.ms=50',
      '-X',
      'check.crcs=true',
    ]
    const { stdout } = await mustRun('kcat', ['-C', ...where, ...format])
    return [...parse(stdout)]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is kept between runs.
  }
}

function text(content: string | null): string {
  return fromBase64(content)?.toString('utf8') ?? ''
}

function* runsOfSameHeaders(records: readonly InteropRecord[]): Generator<readonly InteropRecord[]> {
  let run: InteropRecord[] = []
  for (const record of records) {
    if (run.length > 0 && JSON.stringify(run[0]!.headers) !== JSON.stringify(record.headers)) {
      yield run
      run = []
    }
    run.push(record)
  }
  if (run.length > 0) yield run
}

function* parse(output: Buffer): Generator<ConsumedRecord> {
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf('\n', at)
    const fields = output.toString('latin1', at, lineEnd).split(' ')
    const [partition, offset, timestamp, keyLength, valueLength] = fields.slice(0, 5).map(Number)
    const keyAt = lineEnd + 1
    const valueAt = keyAt + Math.max(keyLength!, 0)
    const end = valueAt + Math.max(valueLength!, 0)
    yield {
      partition: partition!,
      offset: offset!,
      timestamp: timestamp!,
      key: keyLength! < 0 ? null : base64(output.subarray(keyAt, valueAt)),
      value: valueLength! < 0 ? null : base64(output.subarray(valueAt, end)),
      headers: parseHeaders(fields.slice(5).join(' ')),
    }
    at = end + 1
  }
}

function parseHeaders(list: string): [string, string | null][] {
  if (list === '') return []
  return list.split(',').map((pair) => {
    const equals = pair.indexOf('=')
    const value = pair.slice(equals + 1)
    const name = Buffer.from(pair.slice(0, equals), 'latin1').toString('utf8')
    return [name, value === 'NULL' ? null : base64(Buffer.from(value, 'latin1'))]
  })
}
