import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import { bytesOf, hexOf, type Issue, listOf, struct, u64, utf8 } from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import { IssueError, NixReader, type Source } from '../../stream/index.js'
import { cut } from '../support/chunks.js'
import { issueOf, rightOf } from '../support/either.js'
import { int } from '../support/wire.js'

const Message = struct('Message', { names: listOf(utf8), n: u64 })
const value = { names: ['a', 'where', 'x'.repeat(40)], n: 7n }
const wire = rightOf(compile(Message).encode(value))
const chunks = () => [...cut(wire, [5])]

async function* later(parts: ReadonlyArray<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await new Promise((resolve) => setImmediate(resolve))
    yield part
  }
}

const sources: ReadonlyArray<readonly [string, () => Source]> = [
  ['an array', chunks],
  ['an iterator', () => cut(wire, [5])],
  ['an async generator', () => later(chunks())],
  ['a Node stream', () => Readable.from(chunks(), { objectMode: false })],
  [
    'a Node stream that is written to meanwhile',
    () => Readable.from(later(chunks())).pipe(new PassThrough()),
  ],
  [
    'a web stream',
    () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const chunk of chunks()) controller.enqueue(chunk)
          controller.close()
        },
      }),
  ],
]

describe('the offset of a reader', () => {
  // One chunk is more than what a reader takes into its buffer at once.
  const large = [new Uint8Array(70_000), new Uint8Array(3)]
  const sizes = async (reader: NixReader): Promise<ReadonlyArray<readonly [number, number]>> => {
    const seen: Array<readonly [number, number]> = []
    for (;;) {
      const some = rightOf(await reader.readSome()())
      if (some._tag === 'None') {
        return seen
      }
      seen.push([some.value.length, reader.offset])
    }
  }

  it('counts raw bytes that bypass the buffer', async () => {
    expect(await sizes(new NixReader(large))).to.deep.equal([
      [70_000, 70_000],
      [3, 70_003],
    ])
  })

  it('counts bytes for which the buffer had no room', async () => {
    const reader = new NixReader(large)
    expect(await reader.promises.readValue(u64)).to.equal(0n)
    expect(reader.offset).to.equal(8)
    const seen = await sizes(reader)
    expect(seen.reduce((sum, [length]) => sum + length, 8)).to.equal(70_003)
    seen.reduce((sum, [length, offset]) => {
      expect(offset).to.equal(sum + length)
      return offset
    }, 8)
    expect(seen.map(([, offset]) => offset)).to.include(70_000)
  })

  it('is right in an issue after a large chunk', async () => {
    const reader = new NixReader(large)
    expect(rightOf(await reader.readSome()())._tag).to.equal('Some')
    expect(issueOf(await reader.readValue(u64)())).to.include({
      _tag: 'UnexpectedEnd',
      offset: 70_000,
      missing: 5,
    })
  })
})

const broken = new Error('the line is cut')
async function* failing(): AsyncGenerator<Uint8Array> {
  yield wire.subarray(0, 20)
  throw broken
}

const failingSources: ReadonlyArray<readonly [string, () => Source]> = [
  ['an async generator', failing],
  [
    'a Node stream',
    () => {
      const stream = new PassThrough()
      stream.write(wire.subarray(0, 20))
      setImmediate(() => stream.destroy(broken))
      return stream
    },
  ],
  [
    'a web stream',
    () =>
      new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            controller.enqueue(wire.subarray(0, 20))
            controller.error(broken)
          },
          // Requested one by one, or the error would overtake the chunk.
        },
        { highWaterMark: 0 },
      ),
  ],
]

const causeOf = (issue: Issue): unknown => ('cause' in issue ? issue.cause : undefined)

describe('sources', () => {
  for (const [name, source] of sources) {
    it(`${name}: a value, then a clean end`, async () => {
      const reader = new NixReader(source())
      expect(await reader.readValue(Message)()).to.deep.equal(right(value))
      expect(await reader.tryReadValue(Message)()).to.deep.equal(right(none))
      expect(await reader.expectEnd()()).to.deep.equal(right(undefined))
      expect(reader.offset).to.equal(wire.length)
    })
  }

  for (const [name, source] of failingSources) {
    it(`${name} that fails: an issue with the cause and the offset, and again for each later read`, async () => {
      const reader = new NixReader(source())
      const issue = issueOf(await reader.readValue(Message)())
      expect(issue._tag).to.equal('SourceFailed')
      expect(causeOf(issue)).to.equal(broken)
      expect(issue.actual).to.equal('the line is cut')
      expect(issueOf(await reader.readNumber()())._tag).to.equal('SourceFailed')
    })
  }

  it('in an issue: the field in which the source failed', async () => {
    const issue = issueOf(await new NixReader(failing()).readValue(Message)())
    expect(issue).to.deep.include({ offset: 20, path: ['names', 0], grammar: 'utf8' })
  })

  it('with bytes before a failure: the bytes come first', async () => {
    const broken = new Error('reset')
    for (const fail of [
      (stream: Readable) => void stream.destroy(broken),
      (stream: Readable) => void stream.emit('error', broken),
    ]) {
      const stream = new Readable({ read() {} })
      const reader = new NixReader(stream)
      const first = reader.promises.readNumber()
      stream.push(int(1))
      expect(await first).to.equal(1n)
      stream.push(int(2))
      stream.push(int(3))
      fail(stream)
      expect(await reader.promises.readNumber()).to.equal(2n)
      expect(await reader.promises.readNumber()).to.equal(3n)
      expect(issueOf(await reader.readNumber()())).to.include({ _tag: 'SourceFailed', cause: broken })
    }
  })

  it('closed before their end have failed; ended ones have not', async () => {
    const closed = new PassThrough()
    const reader = new NixReader(closed)
    setImmediate(() => closed.destroy())
    expect(issueOf(await reader.readNumber()())._tag).to.equal('SourceFailed')
    expect(issueOf(await new NixReader(closed).readNumber()())._tag).to.equal('SourceFailed')

    const ended = new PassThrough()
    ended.end()
    await once(ended.resume(), 'close')
    expect(await new NixReader(ended).tryReadNumber()()).to.deep.equal(right(none))
  })

  it('of a socket leave it open for writing when its peer has sent all', async () => {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection') as Promise<[import('node:net').Socket]>
    const client = connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true })
    const [served] = await accepted
    try {
      client.end(wire)
      const reader = new NixReader(served)
      expect(await reader.readValue(Message)()).to.deep.equal(right(value))
      expect(await reader.expectEnd()()).to.deep.equal(right(undefined))
      served.end(wire)
      expect(await new NixReader(client).readValue(Message)()).to.deep.equal(right(value))
    } finally {
      client.destroy()
      served.destroy()
      server.close()
    }
  })

  it('with an invalid chunk fail; an invalid source is rejected at once', async () => {
    const texts = Readable.from(['text']) as unknown as Source
    expect(String(causeOf(issueOf(await new NixReader(texts).readNumber()())))).to.match(/Uint8Array/)
    expect(() => new NixReader(wire as unknown as Source)).to.throw(TypeError, '[bytes]')
    expect(() => new NixReader({} as unknown as Source)).to.throw(TypeError)
  })

  it('as promises reject with the issue and its cause', async () => {
    const error: unknown = await new NixReader(failing()).promises.readValue(Message).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(IssueError)
    expect(error).to.have.property('cause', broken)
    expect((error as IssueError).message).to.match(/^SourceFailed at byte 20, names\[0\], in utf8/)
  })

  it('may use one buffer for all their chunks', async () => {
    function* reused(): Generator<Uint8Array> {
      const buffer = new Uint8Array(5)
      for (const chunk of chunks()) {
        buffer.set(chunk)
        yield buffer.subarray(0, chunk.length)
      }
    }
    expect(await new NixReader(reused()).readValue(Message)()).to.deep.equal(right(value))
  })

  it('may be read raw after values, and as values after that', async () => {
    const reader = new NixReader([bytesOf('0100000000000000 0102'), bytesOf('030405 0700000000000000 08')])
    expect(await reader.promises.readNumber()).to.equal(1n)
    expect(await reader.readSome(1)()).to.deep.equal(right({ _tag: 'Some', value: bytesOf('01') }))
    expect(await reader.readSome()()).to.deep.equal(right({ _tag: 'Some', value: bytesOf('02') }))
    expect(await reader.readSome(3)()).to.deep.equal(right({ _tag: 'Some', value: bytesOf('030405') }))
    expect(await reader.promises.readNumber()).to.equal(7n)
    expect(reader.offset).to.equal(21)
    expect(issueOf(await reader.expectEnd()())).to.deep.include({ _tag: 'TrailingBytes', offset: 21 })
    let rest = ''
    for await (const chunk of reader.rest()) rest += hexOf(chunk)
    expect(rest).to.equal('08')
    expect(reader.offset).to.equal(22)
  })

  it('may have bytes that were read before, which come first', async () => {
    const reader = new NixReader([wire.subarray(11)], { buffer: wire.subarray(0, 11) })
    expect(reader.buffer).to.deep.equal(wire.slice(0, 11))
    expect(await reader.readValue(Message)()).to.deep.equal(right(value))
  })
})
