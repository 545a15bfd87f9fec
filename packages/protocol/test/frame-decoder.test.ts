import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameDecoder, ProtocolError } from '../src/index.ts'

function framed(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const size = Buffer.alloc(4)
      size.writeInt32BE(frame.length)
      return [size, frame]
    }),
  )
}

/** The stream cut at random places; chunks may be empty. */
function cut(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((at) => at % (stream.length + 1)).sort((a, b) => a - b), stream.length]
  return places.slice(1).map((end, i) => stream.subarray(places[i], end))
}

function push(decoder: FrameDecoder, ...chunks: readonly Uint8Array[]): Uint8Array[] {
  return chunks.flatMap((chunk) => [...decoder.push(chunk)])
}

function hex(frames: readonly Uint8Array[]): string[] {
  return frames.map((frame) => Buffer.from(frame).toString('hex'))
}

test('frames come out as they went in, whatever the split of the stream', () => {
  const frame = fc.oneof(
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1000, max: 40_000 }).map((length) => new Uint8Array(length).fill(7)) },
  )
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 30 }), (frames, cuts) => {
      const decoder = new FrameDecoder()
      const received = push(decoder, ...cut(framed(frames), cuts))
      expect(hex(received)).toEqual(hex(frames))
      expect(decoder.bufferedBytes).toBe(0)
    }),
    { numRuns: 500 },
  )
})

test('a stream that comes byte by byte gives the same frames', () => {
  const frames = [new Uint8Array(0), new Uint8Array(3000).fill(1), new Uint8Array(0), new Uint8Array(20_000).fill(2)]
  const decoder = new FrameDecoder()
  const received = push(decoder, ...Array.from(framed(frames), (byte) => Uint8Array.of(byte)))
  expect(hex(received)).toEqual(hex(frames))
})

test('a frame without bytes at the end of a chunk comes out at once', () => {
  const decoder = new FrameDecoder()
  expect(push(decoder, Uint8Array.of(0, 0, 0, 0))).toEqual([new Uint8Array(0)])
})

test('a frame that lies in one chunk is a view on the chunk', () => {
  const chunk = framed([Uint8Array.of(1, 2, 3), Uint8Array.of(4)])
  const frames = push(new FrameDecoder(), chunk)
  expect(frames.map((frame) => frame.buffer === chunk.buffer)).toEqual([true, true])
})

test.each([
  [
    [0x7f, 0xff, 0xff, 0xff],
    'frame of 2147483647 bytes: the size is above the limit of 1000 (maxFrameBytes) (at byte 0)',
  ],
  [[0xff, 0xff, 0xff, 0xff], 'frame of -1 bytes: the size is negative (at byte 0)'],
  [[0x80, 0x00, 0x00, 0x00], 'frame of -2147483648 bytes: the size is negative (at byte 0)'],
  [
    [0x16, 0x03, 0x01, 0x02],
    'frame of 369295618 bytes: the size is above the limit of 1000 (maxFrameBytes); ' +
      'the bytes look like TLS on a connection without it (at byte 0)',
  ],
  [
    [0x47, 0x45, 0x54, 0x20],
    'frame of 1195725856 bytes: the size is above the limit of 1000 (maxFrameBytes); the bytes look like HTTP (at byte 0)',
  ],
] as const)('the size %j ends the stream with an error that says why', (size, message) => {
  const decoder = new FrameDecoder({ maxFrameBytes: 1000 })
  push(decoder, Uint8Array.from(size.slice(0, 3)))
  expect(() => push(decoder, Uint8Array.of(size[3]))).toThrow(ProtocolError)
  expect(() => push(decoder, Uint8Array.of(0))).toThrow(message)
})

test('frames before a size that ends the stream are received', () => {
  const frames: Uint8Array[] = []
  const stream = Buffer.concat([framed([Uint8Array.of(1), Uint8Array.of(2)]), Uint8Array.of(0xff, 0, 0, 0)])
  expect(() => {
    for (const frame of new FrameDecoder().push(stream)) frames.push(frame)
  }).toThrow(ProtocolError)
  expect(hex(frames)).toEqual(['01', '02'])
})

test('a frame of just the limit is allowed', () => {
  const frame = new Uint8Array(1000).fill(9)
  expect(push(new FrameDecoder({ maxFrameBytes: 1000 }), framed([frame]))).toEqual([Buffer.from(frame)])
})

test('a claim of 100 MB with few bytes behind it holds little memory, however many connections make it', () => {
  const claim = Buffer.concat([Buffer.from('05f5e100', 'hex'), Buffer.alloc(10)])
  const before = process.memoryUsage()
  const decoders = Array.from({ length: 1000 }, () => new FrameDecoder())
  for (const decoder of decoders) for (const byte of claim) push(decoder, Uint8Array.of(byte))
  const after = process.memoryUsage()
  expect(decoders.every((decoder) => decoder.bufferedBytes === 10)).toBe(true)
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20e6)
})

test('a large frame in a great many tiny chunks takes time in proportion to its size', () => {
  const frame = new Uint8Array(2_000_000).fill(5)
  const stream = framed([frame])
  const decoder = new FrameDecoder()
  const received: Uint8Array[] = []
  for (let at = 0; at < stream.length; at += 10) received.push(...push(decoder, stream.subarray(at, at + 10)))
  expect(received.map((whole) => Buffer.compare(whole, frame))).toEqual([0])
})
