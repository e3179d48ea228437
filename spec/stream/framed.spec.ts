import { expect } from 'chai'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import { bytesOf, framed, hexOf, type Issue, listOf, struct, u64, utf8 } from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import {
  CollectingSink,
  FramedReader,
  FramedWriter,
  IssueError,
  NixReader,
  NixWriter,
} from '../../stream/index.js'
import { chunkLengths, cut } from '../support/chunks.js'
import { issueOf, rightOf } from '../support/either.js'
import { concat, int, padded } from '../support/wire.js'

const Message = struct('Message', { names: listOf(utf8), n: u64 })
const value = { names: ['a', 'where', 'x'.repeat(40)], n: 7n }
const content = concat(int(3), padded('a'), padded('where'), padded('x'.repeat(40)), int(7))

/** Frames by hand. */
const frames = (bytes: Uint8Array, lengths: ReadonlyArray<number>): Uint8Array =>
  concat(
    ...[...cut(bytes, lengths)]
      .filter(({ length }) => length > 0)
      .flatMap((part) => [int(part.length), part]),
    int(0),
  )

const collect = async (source: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  const sink = new CollectingSink()
  for await (const chunk of source) sink.write(chunk.slice())
  return sink.bytes
}

describe('FramedReader', () => {
  it('returns the content, however frames and chunks are cut, and stops after the end frame', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), chunkLengths, chunkLengths, async (bytes, a, b) => {
        const wire = concat(int(1), frames(bytes, a), int(2))
        const reader = new NixReader(cut(wire, b))
        expect(await reader.promises.readNumber()).to.equal(1n)
        const inside = new FramedReader(reader)
        expect(hexOf(await collect(inside))).to.equal(hexOf(bytes))
        expect(inside.ended).to.equal(true)
        expect(await inside.next()).to.equal(null)
        expect(await reader.promises.readNumber()).to.equal(2n)
      }),
    )
  })

  it('runs a decoder inside the frames, with the same result as the grammar', async () => {
    await fc.assert(
      fc.asyncProperty(chunkLengths, chunkLengths, async (a, b) => {
        const wire = frames(content, a)
        expect(compile(framed(Message)).decode(wire)).to.deep.equal(right(value))
        const outer = new NixReader(cut(concat(wire, int(2)), b))
        const inside = new NixReader(new FramedReader(outer))
        expect(await inside.promises.readValue(Message)).to.deep.equal(value)
        expect(await inside.expectEnd()()).to.deep.equal(right(undefined))
        expect(await outer.promises.readNumber()).to.equal(2n)
      }),
    )
  })

  it('reports bytes after the value, or skips them', async () => {
    const outer = new NixReader([frames(concat(content, bytesOf('010203'), content), [100, 30]), int(2)])
    const inner = new FramedReader(outer)
    const inside = new NixReader(inner)
    await inside.promises.readValue(Message)
    const issue = issueOf(await inside.expectEnd()())
    expect(issue).to.deep.include({ _tag: 'TrailingBytes', offset: content.length })
    const passed = inside.buffer.length + rightOf(await inner.drain()())
    expect(passed).to.equal(3 + content.length)
    expect(rightOf(await inner.drain()())).to.equal(0)
    expect(await outer.promises.readNumber()).to.equal(2n)
  })

  it('reports content that ends inside the value; the outer stream goes on', async () => {
    const outer = new NixReader([frames(content.subarray(0, 20), [7]), int(2)])
    const inside = new NixReader(new FramedReader(outer))
    expect(issueOf(await inside.readValue(Message)())).to.deep.include({
      _tag: 'UnexpectedEnd',
      offset: 8,
      path: ['names', 0],
    })
    expect(await outer.promises.readNumber()).to.equal(2n)
  })

  it('accepts a frame of exactly the limit, and none a byte longer, in every reader', async () => {
    const inner = struct('Inner', { text: utf8 })
    for (const limit of [8, 16]) {
      const limits = { frame: limit }
      const text = padded('x'.repeat(limit - 8))
      const wires = [frames(text, [limit]), frames(concat(text, int(0)), [limit + 1, 8])]
      for (const [i, wire] of wires.entries()) {
        const codec = compile(framed(inner), {}, { limits })
        const results = [
          codec.decode(wire),
          await new NixReader([wire], { limits }).readValue(framed(inner))(),
          await new FramedReader(new NixReader([wire]), { limits }).drain()(),
        ]
        for (const result of results) {
          if (i === 0) {
            expect(result._tag).to.equal('Right')
          } else {
            const { _tag, offset } = issueOf<Issue, unknown>(result)
            expect([_tag, offset]).to.deep.equal(['LimitExceeded', 0])
          }
        }
      }
    }
  })

  it('reports a frame over the limit, at its offset in the outer stream', async () => {
    const wire = concat(int(5), bytesOf('0102030405'), int(101))
    for (const announced of [wire, concat(int(5), bytesOf('0102030405'), int(2n ** 64n - 1n))]) {
      const inner = new FramedReader(new NixReader([announced]), { limits: { frame: 100 } })
      expect(await inner.next()).to.deep.equal(bytesOf('0102030405'))
      const issue = issueOf(await inner.drain()())
      expect(issue).to.deep.include({ _tag: 'LimitExceeded', offset: 13, limit: 'frame', maximum: 100 })
      expect(issueOf(await inner.drain()())).to.equal(issue)
      const inside = new NixReader(inner)
      expect(issueOf(await inside.readNumber()())).to.equal(issue)
      const error: unknown = await inner.next().catch((thrown: unknown) => thrown)
      expect((error as IssueError).issue).to.equal(issue)
    }
    const default_ = new FramedReader(new NixReader([int(2 ** 32)]), { limits: { frame: 2 ** 32 - 1 } })
    expect(issueOf(await default_.drain()())._tag).to.equal('LimitExceeded')
  })

  it('reports a stream that ends inside the frames', async () => {
    const wire = concat(int(5), bytesOf('0102030405'), int(4), bytesOf('0102'))
    for (let length = 0; length < wire.length; length++) {
      const inner = new FramedReader(new NixReader(cut(wire.subarray(0, length), [4])))
      const issue = issueOf(await inner.drain()())
      expect(issue).to.deep.include({ _tag: 'UnexpectedEnd', offset: length < 13 ? 0 : 13 })
    }
    const inner = new FramedReader(new NixReader([wire]))
    expect(issueOf(await inner.drain()())).to.deep.include({ missing: 2, offset: 13, grammar: 'framed' })
  })
})

describe('FramedWriter', () => {
  const written = async (
    write: (frames: FramedWriter) => Promise<unknown>,
    frameSize?: number,
  ): Promise<Uint8Array> => {
    const sink = new CollectingSink()
    const writer = new NixWriter(sink)
    await write(new FramedWriter(writer, frameSize === undefined ? {} : { frameSize }))
    await writer.promises.flush()
    return sink.bytes
  }

  it('cuts frames of one size, however the content comes, and ends them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        chunkLengths,
        fc.integer({ min: 1, max: 40 }),
        async (bytes, lengths, frameSize) => {
          const wire = await written((out) => out.writeAll(cut(bytes, lengths))(), frameSize)
          expect(hexOf(wire)).to.equal(hexOf(frames(bytes, [frameSize])))
        },
      ),
    )
  })

  it('writes the same as the grammar', async () => {
    const big = { names: Array.from({ length: 5000 }, (_, i) => `name ${i}`), n: 1n }
    for (const each of [value, big]) {
      const wire = await written(async (out) => {
        const inside = new NixWriter(out)
        await inside.promises.writeValue(Message, each)
        await inside.promises.flush()
        expect(await out.end()()).to.deep.equal(right(undefined))
        expect(await out.end()()).to.deep.equal(right(undefined))
      })
      expect(hexOf(wire)).to.equal(hexOf(rightOf(compile(framed(Message)).encode(each))))
    }
  })

  it('writes no end frame if the source of the content fails, and reports that ever after', async () => {
    const broken = new Error('the disk is gone')
    function* source(): Generator<Uint8Array> {
      yield bytesOf('0102030405')
      throw broken
    }
    const wire = await written(async (out) => {
      const issue = issueOf(await out.writeAll(source())())
      expect(issue).to.deep.include({ _tag: 'SourceFailed', cause: broken })
      expect(issueOf(await out.end()())).to.equal(issue)
      const thrown: unknown = await out.write(bytesOf('06')).catch((error: unknown) => error)
      expect((thrown as IssueError).issue).to.equal(issue)
      expect(issueOf(await out.writeAll([bytesOf('06')])())).to.equal(issue)
    }, 4)
    expect(hexOf(wire)).to.equal(hexOf(concat(int(4), bytesOf('01020304'))))
  })

  it('breaks off with an impossible length, once, and nothing follows it', async () => {
    const wire = await written(async (out) => {
      await out.write(bytesOf('0102030405'))
      expect(await out.breakOff()()).to.deep.equal(right(undefined))
      expect(await out.breakOff()()).to.deep.equal(right(undefined))
      expect(await out.end()()).to.deep.equal(right(undefined))
      expect(await out.write(bytesOf('06')).catch((error: unknown) => error)).to.be.instanceOf(Error)
    }, 4)
    expect(hexOf(wire)).to.equal(hexOf(concat(int(4), bytesOf('01020304 ffffffffffffffff'))))
    const inner = new FramedReader(new NixReader([wire]), { limits: { frame: 2 ** 32 - 1 } })
    expect(issueOf(await inner.drain()())).to.deep.include({ _tag: 'LimitExceeded', offset: 12 })
  })

  it('waits for the outer sink, and reports its failure', async () => {
    const broken = new Error('nobody listens')
    const writer = new NixWriter({ write: () => Promise.reject(broken) }, { maxBufferSize: 16 })
    const out = new FramedWriter(writer, { frameSize: 8 })
    const issue = issueOf(await out.writeAll(cut(new Uint8Array(100), [10]))())
    expect(issue).to.deep.include({ _tag: 'SinkFailed', cause: broken })
    const inside = new NixWriter(new FramedWriter(writer, { frameSize: 8 }))
    await inside.promises.writeNumber(1n)
    expect(issueOf(await inside.flush()())).to.deep.include({ _tag: 'SinkFailed', cause: broken })
  })

  it('rejects content after the end frame, and invalid sizes', async () => {
    const out = new FramedWriter(new NixWriter(new CollectingSink()))
    await out.end()()
    const error: unknown = await out.write(bytesOf('01')).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(IssueError)
    const writer = new NixWriter(new CollectingSink())
    for (const frameSize of [0, 1.5, 2 ** 32, Number.POSITIVE_INFINITY]) {
      expect(() => new FramedWriter(writer, { frameSize })).to.throw(RangeError)
    }
  })
})
