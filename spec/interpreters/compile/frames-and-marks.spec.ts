import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { framed, listOf, struct, tuple, u32, u64, until, utf8 } from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { Input, plansFor } from '../../../interpreters/compile/resumable.js'
import { compile } from '../../../interpreters/index.js'
import { rightOf } from '../../support/either.js'
import { refusedAs } from '../../support/issues.js'
import { profiles } from '../../support/protocols.js'
import { concat, int, padded } from '../../support/wire.js'

/** Content cut into frames of these lengths; what is left over is the last. */
const cut = (content: Uint8Array, ...lengths: ReadonlyArray<number>): Uint8Array => {
  const frames: Array<Uint8Array> = []
  let at = 0
  for (const length of [...lengths, content.length]) {
    const frame = content.subarray(at, at + length)
    if (frame.length > 0) frames.push(int(frame.length), frame)
    at += length
  }
  return concat(...frames, int(0))
}

const Inside = struct('Inside', { name: utf8, numbers: listOf(u32) })
const Message = struct('Message', { before: u64, body: framed(Inside), after: u64 })
const content = concat(padded('abc'), int(2), int(7), int(8))
const body = { name: 'abc', numbers: [7, 8] }
const message = (frames: Uint8Array) => concat(int(1), frames, int(9))

describe('frames', () => {
  it('may be cut anywhere; the encoder cuts them after 64 KiB', () => {
    for (let first = 1; first < content.length; first++) {
      for (const second of [1, 3, 8]) {
        const bytes = message(cut(content, first, second))
        expect(compile(Message).decode(bytes)).to.deep.equal(right({ before: 1n, body, after: 9n }))
      }
    }
    for (const length of [0, 1, 65535 - 8, 65536 - 8, 65536, 65536 * 2 - 8, 65536 * 2, 200_000]) {
      const bytes = new Uint8Array(length).fill(7)
      const inner = padded(bytes)
      const expected = cut(inner, ...Array(Math.floor(inner.length / 65536)).fill(65536))
      for (const options of profiles) {
        const codec = compile(framed(G.Bytes), {}, options)
        expect(codec.encode(bytes)).to.deep.equal(right(expected))
        expect(codec.decode(expected)).to.deep.equal(right(bytes))
        expect(codec.size(bytes)).to.equal(expected.length)
      }
    }
  })

  it('have issues whose offset counts the headers, and whose path continues inside', () => {
    const bad = concat(padded('abc'), int(2), int(7), int(2 ** 32))
    for (const options of profiles) {
      refusedAs(compile(Message, {}, options).decode(message(cut(bad))), 'OutOfRange', 8 + 8 + 32, [
        'body',
        'numbers',
        1,
      ])
    }
    // Three headers come before the byte, and the header of its own frame.
    refusedAs(compile(Message).decode(message(cut(bad, 5, 5, 5))), 'OutOfRange', 8 + 4 * 8 + 32, [
      'body',
      'numbers',
      1,
    ])
    refusedAs(compile(framed(G.Bytes)).encode([] as unknown as Uint8Array), 'Unrepresentable', 8)
    refusedAs(
      compile(Message).encode({ before: 1n, body: { name: 'abc', numbers: [7, -1] }, after: 9n }),
      'OutOfRange',
      8 + 8 + 32,
      ['body', 'numbers', 1],
    )
    const long = 'x'.repeat(65536)
    refusedAs(
      compile(Message).encode({ before: 1n, body: { name: long, numbers: [-1] }, after: 9n }),
      'OutOfRange',
      8 + 2 * 8 + 8 + 65536 + 8,
      ['body', 'numbers', 0],
    )
  })

  it('that end inside the value are an issue at once, without waiting for more', () => {
    for (let length = 0; length < content.length; length++) {
      const bytes = message(cut(content.subarray(0, length)))
      for (const options of profiles) {
        const outcome = compile(Message, {}, options).decode(bytes)
        const path = length < 16 ? ['name'] : length < 24 ? ['numbers'] : ['numbers', length < 32 ? 0 : 1]
        // An incomplete primitive starts in the last frame, or at the end frame if it would start after the last.
        const start = length < 16 ? 0 : length < 24 ? 16 : length < 32 ? 24 : 32
        const header = length === 0 ? 8 : 16
        refusedAs(outcome, 'FramesEnd', header + start, ['body', ...path])
      }
    }
  })

  it('that end inside the value are an issue at once for bytes that arrive in pieces too', () => {
    const bytes = message(cut(concat(padded('abc'), int(1000))))
    const whole = compile(Message).decode(bytes)
    refusedAs(whole, 'FramesEnd', 8 + 8 + 24, ['body', 'numbers', 0])
    const input = new Input()
    input.open(bytes, 0)
    expect(plansFor({}, {}).read(Message, input).next()).to.deep.equal(whole)
  })

  it('that are not complete are reported as missing bytes', () => {
    const bytes = message(cut(content, 5))
    for (let length = 8; length < bytes.length - 8; length++) {
      const issue = refusedAs(
        compile(Message).decode(bytes.subarray(0, length)),
        'UnexpectedEnd',
        length < 8 + 13 ? 8 : length < 8 + 13 + 8 + 35 ? 21 : 64,
        ['body'],
      )
      expect(issue).to.have.property('missing').above(0)
    }
  })

  it('with content after the value are accepted in the compatible profile and rejected in the canonical one', () => {
    const bytes = message(cut(concat(content, new Uint8Array(3))))
    expect(compile(Message).decode(bytes)).to.deep.equal(right({ before: 1n, body, after: 9n }))
    const canonical = compile(Message, {}, { profile: 'canonical' })
    refusedAs(canonical.decode(bytes), 'TrailingBytes', 8 + 8 + content.length, ['body'])
    const inFrameOfItsOwn = message(cut(concat(content, new Uint8Array(3)), content.length))
    refusedAs(canonical.decode(inFrameOfItsOwn), 'NotCanonical', 8 + 8 + content.length, ['body'])
  })

  it('cut otherwise are not canonical', () => {
    const canonical = compile(Message, {}, { profile: 'canonical' })
    refusedAs(canonical.decode(message(cut(content, 8))), 'NotCanonical', 8 + 16, ['body'])
    const long = padded(new Uint8Array(70_000))
    const codec = compile(framed(G.Bytes), {}, { profile: 'canonical' })
    refusedAs(codec.decode(cut(long)), 'NotCanonical', 0)
    refusedAs(codec.decode(cut(long, 65535)), 'NotCanonical', 8 + 65535)
    expect(codec.decode(cut(long, 65536))._tag).to.equal('Right')
  })

  it('have a limit for each, and one for all together', () => {
    const limits = { frame: 40, string: 60 }
    const codec = compile(tuple(u64, framed(G.Text)), {}, { limits })
    const read = (length: number, ...lengths: ReadonlyArray<number>) =>
      codec.decode(concat(int(0), cut(padded('x'.repeat(length)), ...lengths)))
    expect(read(32)._tag).to.equal('Right')
    expect(refusedAs(read(40), 'LimitExceeded', 8, [1])).to.include({ limit: 'frame', maximum: 40 })
    expect(read(48, 28, 28)._tag).to.equal('Right')
    expect(refusedAs(read(56, 32), 'LimitExceeded', 8 + 8 + 32, [1])).to.include({
      limit: 'string',
      maximum: 60,
    })
    for (const length of [2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) {
      refusedAs(compile(framed(u64)).decode(concat(int(length), int(0))), 'LimitExceeded', 0)
    }
    const few = compile(framed(listOf(u64)), {}, { limits: { string: 16 } })
    expect(few.encode([1n])._tag).to.equal('Right')
    expect(refusedAs(few.encode([1n, 2n]), 'LimitExceeded', 0)).to.include({ limit: 'string', maximum: 16 })
  })

  it('may contain frames', () => {
    const Twice = tuple(u64, framed(tuple(u64, framed(u32))))
    const inner = concat(int(2), cut(int(2 ** 32), 3))
    const bytes = concat(int(1), cut(inner, 7))
    refusedAs(compile(Twice).decode(bytes), 'OutOfRange', 8 + 8 + 7 + 8 + 1 + 8, [1, 1])
    for (const options of profiles) {
      const codec = compile(Twice, {}, options)
      expect(codec.decode(rightOf(codec.encode([1n, [2n, 3]])))).to.deep.equal(right([1n, [2n, 3]]))
    }
  })
})

describe('items until a mark', () => {
  const Marked = until(u64, { next: 1n, end: 0n }, utf8)

  it('are read and written', () => {
    for (const options of profiles) {
      const codec = compile(Marked, {}, options)
      for (const items of [[], ['a'], ['a', 'a', '']]) {
        const bytes = concat(...items.flatMap((item) => [int(1), padded(item)]), int(0))
        expect(codec.encode(items)).to.deep.equal(right(bytes))
        expect(codec.decode(bytes)).to.deep.equal(right(items))
      }
    }
  })

  it('reject any other mark', () => {
    for (const options of profiles) {
      const bytes = concat(int(9), int(1), padded('a'), int(2))
      const issue = refusedAs(
        compile(tuple(u64, Marked), {}, options).decode(bytes),
        'UnknownTag',
        32,
        [1, 1],
      )
      expect(issue.expected).to.include('1').and.to.include('0')
    }
  })

  it('may have texts or numbers as marks', () => {
    const Words = until(utf8, { next: 'more', end: '' }, u64)
    const words = compile(Words)
    expect(words.encode([7n])).to.deep.equal(right(concat(padded('more'), int(7), padded(''))))
    expect(words.decode(concat(padded('more'), int(7), padded('')))).to.deep.equal(right([7n]))
    refusedAs(words.decode(padded('less')), 'UnknownTag', 0, [0])
    const Numbers = until(u32, { next: 5, end: 6 }, u64)
    const numbers = compile(Numbers)
    expect(numbers.decode(rightOf(numbers.encode([1n, 2n])))).to.deep.equal(right([1n, 2n]))
  })

  it('are reported as missing bytes if there is no end mark', () => {
    const issue = refusedAs(compile(Marked).decode(concat(int(1), padded('a'))), 'UnexpectedEnd', 24, [1])
    expect(issue).to.include({ missing: 8 })
    refusedAs(compile(Marked).decode(concat(int(1), int(1))), 'UnexpectedEnd', 8, [0])
  })

  it('have their index in the path, in decoding and encoding', () => {
    const Numbers = until(u32, { next: 1, end: 0 }, u32)
    refusedAs(compile(Numbers).decode(concat(int(1), int(7), int(1), int(2 ** 32))), 'OutOfRange', 24, [1])
    refusedAs(compile(Numbers).encode([7, -1]), 'OutOfRange', 24, [1])
    refusedAs(compile(Numbers).encode('x' as unknown as []), 'Unrepresentable', 0)
  })
})
