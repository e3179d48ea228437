import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { right } from 'fp-ts/lib/Either.js'
import {
  bool64,
  bytesOf,
  framed,
  type Grammar,
  hexOf,
  imap,
  lazy,
  listOf,
  listToEnd,
  literal,
  mapOf,
  named,
  optional,
  pure,
  rawBytes,
  refine,
  restBytes,
  setOf,
  since,
  struct,
  type TypeOf,
  tuple,
  u8,
  u64,
  utf8,
  versioned,
  type WithBytes,
  withBytes,
} from '../../combinators/index.js'
import { Input, plansFor } from '../../interpreters/compile/resumable.js'
import { TolerantReading } from '../../interpreters/dissect/index.js'
import {
  compile,
  dissect,
  fromJson,
  type Malformed,
  toJson,
  toJsonSchema,
  toMalformed,
  toMarkdown,
} from '../../interpreters/index.js'
import { describeLaws, toArbitrary } from '../../laws/index.js'
import { NixReader } from '../../stream/index.js'
import { bothWays, refusal, unwritable } from '../support/both-ways.js'
import { issueOf, rightOf } from '../support/either.js'

const none = new Uint8Array(0)
const kept = <A>(value: A, hex: string): { readonly value: A; readonly bytes: Uint8Array } => ({
  value,
  bytes: bytesOf(hex),
})

const Letter = struct('Letter', { flag: bool64, words: setOf(utf8) })
const Signed = struct('Signed', { id: u64, letter: withBytes(Letter), signature: utf8 })

// A flag that is true as 2, and words out of order: the encoder writes neither.
const odd =
  '0200000000000000' + // flag
  '0200000000000000 0100000000000000 6200000000000000 0100000000000000 6100000000000000' // words
const wire = `0900000000000000 ${odd} 0100000000000000 7800000000000000`

interface Tree {
  readonly label: bigint
  readonly below: ReadonlyArray<WithBytes<Tree>>
}
const Tree: Grammar<Tree> = struct('Tree', { label: u64, below: listOf(withBytes(lazy(() => Tree))) })

describe('withBytes', () => {
  it('reads a value and its bytes', () => {
    bothWays(withBytes(u64), kept(7n, '0700000000000000'), '0700000000000000')
    const hex = '0200000000000000 6869 000000000000'
    bothWays(tuple(u8, withBytes(utf8)), [1, kept('hi', hex)], `0100000000000000 ${hex}`)
    bothWays(tuple(withBytes(pure(1n)), u8), [kept(1n, ''), 2], '0200000000000000')
    bothWays(
      listOf(withBytes(rawBytes(2))),
      [kept(bytesOf('0102'), '0102'), kept(bytesOf('0304'), '0304')],
      '0200000000000000 0102 0304',
    )
  })

  it('keeps the bytes on the wire, not those an encoder would write', () => {
    for (const evaluate of [true, false]) {
      const { letter } = rightOf(compile(Signed, {}, { evaluate }).decode(bytesOf(wire)))
      expect(letter).to.deep.equal({ value: { flag: true, words: ['b', 'a'] }, bytes: bytesOf(odd) })
    }
  })

  it('returns a copy', () => {
    const message = bytesOf('0000 0700000000000000')
    const { right: read } = compile(withBytes(u64)).decodeAt(message, 2) as {
      right: { value: WithBytes<bigint> }
    }
    message.fill(0)
    expect(read.value).to.deep.equal(kept(7n, '0700000000000000'))
    expect(read.value.bytes.buffer.byteLength).to.equal(8)
    const ofBuffer = rightOf(compile(withBytes(u64)).decode(Buffer.from('0700000000000000', 'hex')))
    expect(ofBuffer.bytes.constructor).to.equal(Uint8Array)
  })

  it('gives the content of frames inside them, and whole frames around them', () => {
    const frames = '0300000000000000 070000 0500000000000000 0000000000 0000000000000000'
    expect(rightOf(compile(framed(withBytes(u64))).decode(bytesOf(frames)))).to.deep.equal(
      kept(7n, '0700000000000000'),
    )
    expect(rightOf(compile(withBytes(framed(u64))).decode(bytesOf(frames)))).to.deep.equal(kept(7n, frames))
  })

  it('nests, to the depth limit', () => {
    const deep = (levels: number): Tree =>
      levels === 0
        ? { label: 0n, below: [] }
        : { label: 1n, below: [{ value: deep(levels - 1), bytes: none }] }
    const codec = compile(Tree, {}, { limits: { depth: 1000 } })
    const bytes = rightOf(codec.encode(deep(1000)))
    let at: Tree = rightOf(codec.decode(bytes))
    for (let level = 1; level <= 1000; level++) {
      expect(hexOf(at.below[0]!.bytes)).to.equal(hexOf(bytes.subarray(16 * level)))
      at = at.below[0]!.value
    }
    expect(issueOf(codec.encode(deep(1001)))._tag).to.equal('LimitExceeded')
  })

  it('keeps the bytes of a value that arrives in pieces, however it is cut', async () => {
    for (const [grammar, hex] of [
      [Signed, wire],
      [withBytes(Signed), wire],
      [
        withBytes(framed(withBytes(u64))),
        '0300000000000000 070000 0500000000000000 0000000000 0000000000000000',
      ],
      [
        withBytes(listOf(withBytes(listOf(withBytes(utf8))))),
        '0200000000000000 0000000000000000 0100000000000000 0100000000000000 6100000000000000',
      ],
      [
        withBytes(listToEnd(withBytes(utf8))),
        '0100000000000000 6100000000000000 0000000000000000 0100000000000000 6200000000000000',
      ],
      [struct('Note', { of: u64, text: withBytes(restBytes) }), '0700000000000000 010203'],
    ] as ReadonlyArray<readonly [Grammar<unknown>, string]>) {
      const bytes = bytesOf(hex)
      const whole = compile(grammar).decode(bytes)
      for (let size = 1; size <= bytes.length; size++) {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.slice(i * size, (i + 1) * size),
        )
        const reader = new NixReader(chunks, { reservedBufferSize: 1 })
        expect(await reader.readValue(grammar)(), `chunks of ${size}`).to.deep.equal(whole)
      }
    }
  })

  it('keeps them only until the value is complete', () => {
    const grammar = listOf(tuple(withBytes(rawBytes(3)), rawBytes(2)))
    const bytes = bytesOf(`0200000000000000 ${'0102030405'.repeat(2)}`)
    const input = new Input()
    input.open(bytes, 0)
    const reading = plansFor({}, {}).read(grammar, input)
    const wanted = [...bytes.keys()].map((end) => {
      input.end = end
      reading.next()
      return input.wantedFrom
    })
    const no = Number.POSITIVE_INFINITY
    expect(wanted.slice(8)).to.deep.equal([8, 8, 8, no, no, 13, 13, 13, no, no])
    input.end = bytes.length
    expect(reading.next()?._tag).to.equal('Right')

    input.open(bytes.subarray(0, 9), 0)
    const cut = plansFor({}, {}).read(grammar, input)
    expect([cut.next(), input.wantedFrom]).to.deep.equal([null, 8])
    expect([issueOf(cut.end())._tag, input.wantedFrom]).to.deep.equal(['UnexpectedEnd', no])
  })

  it('counts them against the message limit, in pieces too', async () => {
    const limits = { message: 60 }
    const bytes = rightOf(compile(withBytes(listOf(u64))).encode({ value: Array(20).fill(1n), bytes: none }))
    const { _tag, offset, actual } = issueOf(compile(withBytes(listOf(u64)), {}, { limits }).decode(bytes))
    expect([_tag, offset, actual]).to.deep.equal(['LimitExceeded', 56, 'a message of 64 bytes or more'])
    const reader = new NixReader(
      [...bytes].map((byte) => Uint8Array.of(byte)),
      { limits },
    )
    expect(issueOf(await reader.readValue(withBytes(listOf(u64)))())).to.deep.include({
      _tag,
      offset,
      actual,
    })
  })

  it('writes the value, whatever the bytes are', () => {
    const codec = compile(withBytes(utf8))
    const written = bytesOf('0100000000000000 6100000000000000')
    for (const bytes of [none, bytesOf('ff'), written]) {
      expect(codec.encode({ value: 'a', bytes })).to.deep.equal(right(written))
    }
    expect(codec.encode({ value: 'a' } as WithBytes<string>)).to.deep.equal(right(written))
    for (const value of [null, undefined, 'a', 7, {}, { bytes: none }]) {
      expect(unwritable(withBytes(utf8), value)).to.equal('Unrepresentable')
    }
    const throwing = {
      get value(): string {
        throw new Error('no')
      },
      bytes: none,
    }
    expect(issueOf(codec.encode(throwing))).to.deep.include({
      _tag: 'Unrepresentable',
      actual: 'an exception: no',
    })
  })

  it('has issues of the grammar inside, with its path', () => {
    expect(refusal(withBytes(u8), '0001000000000000')).to.deep.equal([
      'OutOfRange',
      0,
      'an integer from 0 to 255',
    ])
    const broken = compile(Signed).decode(bytesOf(wire.replace('6200', '62ff')))
    expect(issueOf(broken)).to.deep.include({
      _tag: 'NonZeroPadding',
      path: ['letter', 'words', 0],
      grammar: 'utf8',
    })
    const value = { id: 1n, letter: { value: { flag: true, words: [7] }, bytes: none }, signature: '' }
    expect(issueOf(compile(Signed).encode(value as never)).path).to.deep.equal(['letter', 'words', 0])
    for (const [grammar, name] of [
      [withBytes(Letter), 'Letter'],
      [named('Sealed', withBytes(Letter)), 'Sealed'],
    ] as const) {
      expect(issueOf(compile(grammar).encode(null as never)).grammar).to.equal(name)
    }
  })

  it('is ordered and compared by the value alone', () => {
    const [a, b] = [
      kept('a', '0100000000000000 6100000000000000'),
      kept('b', '0100000000000000 6200000000000000'),
    ]
    bothWays(setOf(withBytes(utf8)), [a, b], `0200000000000000 ${hexOf(a.bytes)} ${hexOf(b.bytes)}`)
    const codec = compile(setOf(withBytes(utf8)))
    const shuffled = codec.encode([
      { value: 'b', bytes: none },
      { value: 'a', bytes: bytesOf('ff') },
    ])
    expect(rightOf(codec.decode(rightOf(shuffled)))).to.deep.equal([a, b])
    const twice = [{ value: 'a', bytes: none }, a]
    expect(issueOf(codec.encode(twice))._tag).to.equal('DuplicateKey')
    const map = rightOf(
      compile(mapOf(withBytes(utf8), u8)).decode(
        bytesOf(`0200000000000000 ${hexOf(a.bytes)} 0100000000000000 ${hexOf(a.bytes)} 0200000000000000`),
      ),
    )
    expect([...map]).to.deep.equal([[a, 2]])
  })

  it('lets an imap drop the bytes, in the canonical profile too', () => {
    const Words = imap(
      withBytes(setOf(utf8)),
      ({ value }) => right(value),
      (value) => right({ value, bytes: none }),
    )
    bothWays(Words, ['a'], '0100000000000000 0100000000000000 6100000000000000')
    const Bool = imap(
      withBytes(bool64),
      ({ value }) => right(value),
      (value) => right({ value: !value, bytes: none }),
    )
    const canonical = compile(Bool, {}, { profile: 'canonical' }).decode(bytesOf('0100000000000000'))
    expect(issueOf(canonical)._tag).to.equal('NotCanonical')
  })

  it('lets a refine read the bytes', () => {
    const Short = refine(withBytes(listOf(u64)), 'at most 16 bytes', ({ bytes }) => bytes.length <= 16)
    bothWays(Short, kept([1n], '0100000000000000 0100000000000000'), '0100000000000000 0100000000000000')
    expect(refusal(Short, `02${'00'.repeat(23)}`)).to.deep.equal(['InvalidValue', 0, 'at most 16 bytes'])
  })

  it('shows as the value, and gets the bytes of an encoder when it comes from JSON', () => {
    const value = {
      id: 9n,
      letter: { value: { flag: true, words: ['b', 'a'] }, bytes: bytesOf(odd) },
      signature: 'x',
    }
    const json = { id: 9n, letter: { flag: true, words: ['b', 'a'] }, signature: 'x' }
    expect(toJson(Signed, {}, value)).to.deep.equal(right(json))
    const { letter } = rightOf(fromJson(Signed, {}, json))
    expect(letter.value).to.deep.equal(value.letter.value)
    expect(letter.bytes).to.deep.equal(rightOf(compile(Letter).encode(letter.value)))
    const { $schema: _, title: __, ...letterSchema } = toJsonSchema(Letter)
    expect(toJsonSchema(struct('Both', { a: withBytes(Letter), b: Letter })).properties).to.deep.equal({
      a: letterSchema,
      b: letterSchema,
    })
    expect(issueOf(toJson(withBytes(u64), {}, 7n as never))._tag).to.equal('Unrepresentable')
    const Refused = imap(
      withBytes(u64),
      ({ value: n }) => right(n),
      (n) => right({ value: n, bytes: none }),
      { json: 'bigint' },
    )
    expect(fromJson(withBytes(Refused), {}, 2n ** 70n)).to.deep.equal(
      right({ value: 2n ** 70n, bytes: none }),
    )
  })

  it('is a part of a dissection with the same value as in a codec', () => {
    const bytes = bytesOf(wire)
    const { tree, result } = dissect(Signed, {}, bytes)
    expect(result).to.deep.equal(compile(Signed).decode(bytes))
    const letter = tree?.parts[1]
    expect([letter?.start, letter?.end, letter?.path, letter?.grammar]).to.deep.equal([
      8,
      56,
      ['letter'],
      'Letter',
    ])
    expect(letter?.value).to.deep.equal(kept({ flag: true, words: ['b', 'a'] }, odd))
  })

  it('has its bytes if reading in pieces goes on after an issue', () => {
    const grammar = withBytes(Signed)
    const bytes = bytesOf(wire.replace('6200', '62ff'))
    const reading = new TolerantReading(grammar, {})
    let read: ReturnType<typeof reading.next> = null
    for (let at = 0, end = 0; end <= bytes.length; at += reading.taken, end++) {
      read = reading.next(bytes.slice(at, end), false)
    }
    expect(reading.takeIssues().map(({ _tag }) => _tag)).to.deep.equal(['NonZeroPadding'])
    const letter = { value: { flag: true, words: ['b', 'a'] }, bytes: bytes.slice(8, 56) }
    expect(read).to.deep.equal(right({ value: { id: 9n, letter, signature: 'x' }, bytes }))
  })

  it('is described on a page', () => {
    const Alone = withBytes(Letter)
    const page = toMarkdown('Signed', Signed)
    expect(page).to.include('- letter :: `Letter` (these fields) (kept with its bytes)')
    expect(toMarkdown('Alone', Alone)).to.include('The value comes with its bytes, as they were read.')
  })

  it('has bytes in generated values', () => {
    fc.assert(
      fc.property(toArbitrary(Tree), (tree) => {
        for (const { value, bytes } of tree.below) {
          expect(bytes).to.deep.equal(rightOf(compile(Tree).encode(value)))
        }
      }),
    )
  })

  it('has the rules of the grammar inside', () => {
    const value = { value: 'hi', bytes: none }
    const [inner, whole] = [utf8, withBytes(utf8)].map((grammar) =>
      toMalformed<unknown>(grammar as Grammar<unknown>),
    )
    const broken = (samples: Iterable<Malformed>) =>
      [...samples].map(({ rule, bytes, issue }) => `${rule} ${hexOf(bytes)} ${JSON.stringify(issue)}`).sort()
    expect(broken(whole!.from(value))).to.deep.equal(broken(inner!.from('hi')))
  })

  it('rejects at once what it cannot contain', () => {
    expect(() => withBytes(undefined as never)).to.throw(TypeError, 'what withBytes takes must be a grammar')
    const toEnd = withBytes(restBytes)
    expect(() => struct('Note', { text: toEnd, of: u64 })).to.throw(
      TypeError,
      'reads to the end of the message',
    )
    expect(() => literal(withBytes(u64), kept(1n, '01'))).to.throw(TypeError, 'withBytes')
    // @ts-expect-error the compiler refuses it too
    expect(() => optional(withBytes(utf8))).to.throw(TypeError, 'optionalByTag')
  })

  it('has the type of an object with a value and bytes', () => {
    expectTypeOf<TypeOf<typeof Signed>>().toEqualTypeOf<{
      readonly id: bigint
      readonly letter: {
        readonly value: { readonly flag: boolean; readonly words: ReadonlyArray<string> }
        readonly bytes: Uint8Array
      }
      readonly signature: string
    }>()
    expectTypeOf<WithBytes<'a' | 'b'>>().toEqualTypeOf<{
      readonly value: 'a' | 'b'
      readonly bytes: Uint8Array
    }>()
    const build = () => {
      // @ts-expect-error the bytes are missing
      compile(withBytes(u64)).encode({ value: 7n })
      // @ts-expect-error the value has another type
      compile(withBytes(u64)).encode({ value: 7, bytes: none })
    }
    expect(build).to.be.a('function')
  })

  describe('obeys the laws', () => {
    describeLaws(Signed)
    describeLaws(Tree)
    describeLaws(withBytes(mapOf(withBytes(utf8), withBytes(framed(withBytes(setOf(u64)))))))
    describeLaws(
      struct('Gated', { kept: versioned(since('1.2'), withBytes(utf8), { value: '', bytes: none }) }),
    )
    describeLaws(withBytes(listToEnd(withBytes(framed(withBytes(restBytes))))))
    const isShort = ({ value }: WithBytes<ReadonlyArray<number>>) => value.length < 3
    describeLaws(refine(withBytes(listOf(u8)), 'at most two items', isShort))
  })
})
