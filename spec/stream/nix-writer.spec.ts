import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import { WritableStream } from 'node:stream/web'
import { expect } from 'chai'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import {
  bytesOf,
  hexOf,
  listOf,
  setOf,
  since,
  struct,
  u64,
  utf8,
  versioned,
} from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import {
  type ByteSink,
  CollectingSink,
  IssueError,
  NixReader,
  NixWriter,
  type Sink,
} from '../../stream/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { settled } from '../support/waiting.js'
import { concat, int, padded } from '../support/wire.js'

const Message = struct('Message', { names: listOf(utf8), n: u64 })
const value = { names: ['a', 'where', 'x'.repeat(40)], n: 7n }
const wire = concat(int(3), padded('a'), padded('where'), padded('x'.repeat(40)), int(7))

const sinks: ReadonlyArray<
  readonly [string, () => { readonly sink: Sink; readonly taken: () => Uint8Array }]
> = [
  [
    'a collecting sink',
    () => {
      const sink = new CollectingSink()
      return { sink, taken: () => sink.bytes }
    },
  ],
  [
    'a Node stream',
    () => {
      const sink = new PassThrough()
      return { sink, taken: () => new Uint8Array((sink.read() as Buffer | null) ?? []) }
    },
  ],
  [
    'a web stream',
    () => {
      const collected = new CollectingSink()
      return {
        sink: new WritableStream<Uint8Array>({ write: (chunk) => collected.write(chunk) }),
        taken: () => collected.bytes,
      }
    },
  ],
]

const broken = new Error('nobody listens')
const failing: ReadonlyArray<readonly [string, () => Sink]> = [
  [
    'a sink of its own that throws',
    () => ({
      write: () => {
        throw broken
      },
    }),
  ],
  ['a sink of its own that rejects', () => ({ write: () => Promise.reject(broken) })],
  ['a Node stream', () => new Writable({ write: (_chunk, _encoding, done) => done(broken) })],
  [
    'a web stream',
    () =>
      new WritableStream<Uint8Array>({
        write: () => {
          throw broken
        },
      }),
  ],
]

describe('NixWriter', () => {
  for (const [name, make] of sinks) {
    it(`${name}: has written all after a flush, in order`, async () => {
      const { sink, taken } = make()
      const { promises } = new NixWriter(sink, { maxBufferSize: 16 })
      await promises.writeValue(Message, value)
      await promises.writeNumber(1n)
      await promises.flush()
      expect(hexOf(taken())).to.equal(hexOf(concat(wire, int(1))))
    })
  }

  for (const [name, make] of failing) {
    it(`${name} that fails: reports an issue with the cause, then and for every later write`, async () => {
      const writer = new NixWriter(make())
      expect(await writer.writeValue(Message, value)()).to.deep.equal(right(undefined))
      const issue = issueOf(await writer.flush()())
      expect(issue).to.deep.include({ _tag: 'SinkFailed', actual: 'nobody listens', cause: broken })
      expect(issueOf(await writer.writeNumber(1n)())._tag).to.equal('SinkFailed')
      expect(issueOf(await writer.flush()())._tag).to.equal('SinkFailed')
    })
  }

  it('reports a closed stream as a failure', async () => {
    const stream = new PassThrough()
    stream.destroy()
    await once(stream, 'close')
    const writer = new NixWriter(stream)
    await writer.promises.writeNumber(1n)
    expect(issueOf(await writer.flush()())._tag).to.equal('SinkFailed')
  })

  it('leaves nothing of a value that cannot be written, with an issue whose offset counts from the start of the stream', async () => {
    const writer = new NixWriter(new CollectingSink())
    await writer.promises.writeNumber(1n)
    const twice = setOf(utf8)
    const issue = issueOf(
      await writer.writeValue(struct('S', { a: u64, b: twice }), { a: 1n, b: ['x', 'x'] })(),
    )
    expect(issue).to.deep.include({ _tag: 'DuplicateKey', offset: 8 + 16, path: ['b', 1] })
    expect(issueOf(await writer.writeNumber(-1n)())).to.deep.include({ _tag: 'OutOfRange', offset: 8 })
    const unprintable = {
      toString: (): string => {
        throw new Error('no words')
      },
    }
    expect(issueOf(await writer.writeDisplay(unprintable)())).to.deep.include({
      _tag: 'Unrepresentable',
      offset: 8,
      actual: 'no words',
    })
    expect(writer.buffer).to.deep.equal(int(1))
    expect(writer.offset).to.equal(8)
    const error: unknown = await writer.promises.writeNumber(-1n).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(IssueError)
  })

  it('waits while the stream is full', async () => {
    let release: () => void = () => undefined
    let taken = 0
    const stream = new Writable({
      highWaterMark: 64,
      write: (chunk: Uint8Array, _encoding, done) => {
        taken += chunk.length
        release = done
      },
    })
    const writer = new NixWriter(stream, { maxBufferSize: 64 })
    let written = 0
    const all = (async () => {
      for (let i = 0; i < 100; i++) {
        await writer.promises.writeSlice(new Uint8Array(56))
        written++
      }
      await writer.promises.flush()
    })()
    await settled(() => written)
    // One is being taken, one is in the writer's buffer.
    expect(written).to.be.at.most(2)
    expect(stream.writableLength).to.be.at.most(128)
    const going = setInterval(() => release(), 0)
    await all
    clearInterval(going)
    expect(taken).to.equal(6400)
  })

  it('keeps the order of writes that were not awaited', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        async (numbers, maxBufferSize) => {
          const collected = new CollectingSink()
          const slow: ByteSink = {
            write: async (chunk) => {
              await new Promise((resolve) => setImmediate(resolve))
              collected.write(chunk)
            },
          }
          const writer = new NixWriter(slow, { maxBufferSize })
          const writes = numbers.map((number) => writer.writeNumber(number)())
          await writer.promises.flush()
          await Promise.all(writes)
          expect(hexOf(collected.bytes)).to.equal(hexOf(concat(...numbers.map(int))))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('uses the protocol that was set last, like a reader', async () => {
    const Versioned = struct('V', { a: u64, b: versioned(since('1.30'), u64, 0n) })
    const sink = new CollectingSink()
    const writer = new NixWriter(sink, { protocol: { version: '1.20', storeDir: '/store' } })
    await writer.promises.writeValue(Versioned, { a: 1n, b: 0n })
    writer.setVersion('1.37')
    expect(writer.protocol).to.deep.equal({ version: '1.37', features: [], storeDir: '/store' })
    await writer.promises.writeValue(Versioned, { a: 2n, b: 3n })
    await writer.promises.flush()
    expect(sink.bytes).to.deep.equal(concat(int(1), int(2), int(3)))

    const reader = new NixReader([sink.bytes], { protocol: { version: '1.20' } })
    expect(await reader.promises.readValue(Versioned)).to.deep.equal({ a: 1n, b: 0n })
    reader.setVersion('1.37')
    expect(reader.version).to.equal('1.37')
    expect(await reader.promises.readValue(Versioned)).to.deep.equal({ a: 2n, b: 3n })
  })

  it('writes the same as a codec, and shares no memory with the sink', async () => {
    const sink = new CollectingSink()
    const writer = new NixWriter(sink, { maxBufferSize: 8 })
    const bytes = bytesOf('0102030405060708090a')
    await writer.promises.writeSlice(bytes)
    await writer.writeRaw(bytes)()
    bytes.fill(0xff)
    await writer.promises.writeValue(Message, value)
    await writer.promises.flush()
    expect(hexOf(sink.bytes)).to.equal(
      hexOf(
        concat(
          padded(bytesOf('0102030405060708090a')),
          bytesOf('0102030405060708090a'),
          rightOf(compile(Message).encode(value)),
        ),
      ),
    )
  })

  it('reports bytes with a detached buffer, and writes none of them', async () => {
    const sink = new CollectingSink()
    const writer = new NixWriter(sink)
    const bytes = bytesOf('0102')
    structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] })
    for (const task of [writer.writeRaw(bytes), writer.writeSlice(bytes)]) {
      expect(await task()).to.have.nested.property('left._tag', 'Unrepresentable')
    }
    await writer.promises.writeRaw(bytesOf('03'))
    await writer.promises.flush()
    expect(hexOf(sink.bytes)).to.equal('03')
  })

  it('rejects invalid options and sinks at once', () => {
    const sink = new CollectingSink()
    expect(() => new NixWriter(sink, { maxBufferSize: 0 })).to.throw(RangeError)
    expect(() => new NixWriter(sink, { protocol: { version: '1.x' as '1.0' } })).to.throw(RangeError)
    expect(() => new NixWriter({} as unknown as Sink)).to.throw(TypeError)
    expect(() => new NixReader([], { reservedBufferSize: 1.5 })).to.throw(RangeError)
    expect(() => new NixReader([], { limits: { string: -1 } })).to.throw(RangeError)
    expect(() => new NixReader([]).readBytesLimited([5, 4])).to.throw(RangeError)
  })
})
