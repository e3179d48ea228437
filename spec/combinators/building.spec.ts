import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none } from 'fp-ts/lib/Option.js'
import {
  bool32,
  byProtocol,
  before as earlierThan,
  enumOf,
  escapedText,
  flagsOf,
  framed,
  type Grammar,
  i8,
  imap,
  intUpTo,
  lazy,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  named,
  openEnumOf,
  optional,
  optionalByTag,
  optionalEnumOf,
  type ProtocolVersion,
  paddedBytes,
  pick,
  protocol,
  pure,
  rawBytes,
  refine,
  setOf,
  since,
  struct,
  type TextFormat,
  tagged,
  text,
  tuple,
  u8,
  u32,
  u64,
  until,
  utf8,
  versioned,
  withBytes,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile, dissectionJson, renderDissection } from '../../interpreters/index.js'

const anyText: TextFormat<string> = {
  name: 'Any',
  summary: 'any text',
  value: 'text',
  parse: right,
  print: right,
}

const refused = (kind: ErrorConstructor, build: () => unknown) => {
  expect(build).to.throw(kind)
}

const nothing: ReadonlyArray<Grammar<unknown>> = [
  pure(1),
  tuple(),
  struct('Empty', {}),
  rawBytes(0),
  versioned(since('1.16'), u64, 0n),
  byProtocol([[since('1.16'), u64]], 0n),
  imap(struct('Empty', {}), right, right),
  tuple(pure(1), versioned(since('1.16'), u64, 0n)),
] as ReadonlyArray<Grammar<unknown>>

describe('building a grammar rejects', () => {
  it('repeated items that may take no bytes', () => {
    for (const item of nothing) {
      refused(TypeError, () => listOf(item))
      refused(TypeError, () => setOf(item))
      refused(TypeError, () => mapOf(item, u64))
      refused(TypeError, () => until(u64, { next: 1n, end: 0n }, item))
      expect(() => mapOf(u64, item)).not.to.throw()
    }
    expect(() => listOf(tuple(pure(1), u8))).not.to.throw()
  })

  it('recursion without bytes, at the latest when it is first used', () => {
    const Empty: Grammar<unknown> = lazy(() => pure<unknown>(1))
    refused(TypeError, () => compile(listOf(Empty)).decode(new Uint8Array(16).fill(1, 0, 1)))
  })

  it('recursion without an end, when it is first used', () => {
    interface Endless {
      readonly next: Endless
    }
    const expectEndless = (grammar: Grammar<Endless>) => {
      const message = 'has no finite value: each value contains another one'
      expect(() => compile(grammar).decode(new Uint8Array(16))).to.throw(TypeError, message)
      expect(() => toArbitrary(grammar)).to.throw(TypeError, message)
    }
    const Chain: Grammar<Endless> = struct('Chain', { tag: literal(u8, 0), next: lazy(() => Chain) })
    const Case: Grammar<Endless> = struct('Case', {
      next: tagged('is', u8, { A: [0, { x: lazy(() => Case) }], B: [1, { x: framed(lazy(() => Case)) }] }),
    }) as never
    const Mutual: Grammar<Endless> = struct('Mutual', { a: literal(u8, 0), next: lazy(() => Chain) })
    for (const grammar of [Chain, Case, Mutual]) {
      expectEndless(grammar)
    }
    expect(() => compile(Chain).encode({} as Endless)).to.throw(TypeError, 'has no finite value')
    interface Ending {
      readonly next: ReadonlyArray<Ending>
    }
    const Ending: Grammar<Ending> = struct('Ending', { next: listOf(lazy(() => Ending)) })
    expect(compile(Ending).decode(new Uint8Array(8))).to.deep.equal(right({ next: [] }))
    const Option: Grammar<unknown> = struct('Option', {
      next: optionalByTag(
        u8,
        lazy(() => Option),
      ),
    }) as never
    expect(compile(Option).decode(new Uint8Array(8))).to.deep.equal(right({ next: none }))
  })

  it('an optional text whose absence looks like an empty text', () => {
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optional(utf8))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optional(named('Short', limited(9, utf8))))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optional(struct('S', { a: utf8 })))
    for (const grammar of [utf8, escapedText, text(anyText)]) {
      refused(TypeError, () => optional(grammar))
    }
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optional(u64))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optional(optional(G.StorePath)))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optionalEnumOf(u8, 1, { One: 1 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optionalEnumOf(u8, 0, { None: 1 }))
  })

  it('a combinator around versioned, lazy or framed that has to be inside them, and says so', () => {
    const Word = refine(utf8, 'a text that is not empty', (word) => word !== '')
    for (const around of [versioned(since('1.2'), Word, 'x'), lazy(() => Word), framed(Word)]) {
      expect(() => optional(around)).to.throw(
        TypeError,
        /write it inside (versioned|lazy|framed) and not around it/,
      )
      expect(() => limited(3, around)).to.throw(TypeError, /write limited around a text inside it/)
    }
    expect(() => limited(3, i8 as never)).to.throw(TypeError, 'not i8: write')
    expect(() => enumOf(i8 as never, { A: 1 } as never)).to.throw(
      TypeError,
      'must be an unsigned integer or a text',
    )
    expect(() => flagsOf(i8 as never, { a: 1 } as never)).to.throw(
      TypeError,
      'bits of an unsigned integer, not of i8',
    )
  })

  it('misplaced arguments from plain JavaScript, and says where they belong', () => {
    const Point = struct('Point', { x: u8 })
    const wrong: ReadonlyArray<readonly [build: () => unknown, says: string]> = [
      [
        () => struct('S', { ...Point } as never),
        'those of a struct are its fields, as in { ...Point.fields }',
      ],
      [() => struct('S', Point as never), 'those of a struct are its fields, as in { ...Point.fields }'],
      [
        () => tagged('is', u8, { A: [0, literal(u8, 1)] } as never),
        'the fields of A must be an object of grammars',
      ],
      [() => pick(u8 as never, 'x' as never), 'pick takes fields from a struct, but u8 is not one'],
      [() => listOf(u8, { length: 3, count: u8 } as never), 'a list with a length has no count'],
      [() => listOf(u8, { length: '3' } as never), 'not the length of a list: "3"'],
      [() => protocol(new Uint8Array(8) as never), 'the protocol must be an object, such as'],
      [() => until(u8, { next: 1 } as never, u8), 'the mark end must be an integer, not undefined'],
      [
        () => literal(tuple(withBytes(u8)), [{ value: 1, bytes: new Uint8Array(8) }]),
        'literal takes a grammar without withBytes',
      ],
      [() => renderDissection(new Uint8Array(8) as never), 'renderDissection takes what dissect gives'],
      [() => dissectionJson(undefined as never), 'dissectionJson takes what dissect gives, not undefined'],
      [
        () => compile(imap(u8, ((n: number) => n + 1) as never, right as never)).decode(new Uint8Array(8)),
        "from of imap must return right(value) or left('what was expected'), not 1",
      ],
    ]
    for (const [build, says] of wrong) {
      expect(build).to.throw(says)
    }
  })

  it('no marks of the other kind of number, which mean the same', () => {
    const wire = new Uint8Array(24)
    wire[0] = 1
    const items = until(u64, { next: 1, end: 0 } as never, u8)
    expect(compile(items).decode(wire)).to.deep.equal(right([0]))
    expect(compile(until(u8, { next: 1n, end: 0n } as never, u8)).decode(wire)).to.deep.equal(right([0]))
  })

  it('keys that an object would not keep as they are', () => {
    const fields = (key: string) => Object.fromEntries([[key, u64]])
    for (const key of ['7', '0', '4294967296', '__proto__']) {
      refused(TypeError, () => struct('S', fields(key)))
      refused(TypeError, () => tagged('is', u8, { A: [0, fields(key)] }))
      refused(TypeError, () => tagged(key, u8, { A: [0, {}] }))
    }
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => tagged('is', u8, { A: [0, { is: u64 }] }))
  })

  it('keys that are special in JavaScript', () => {
    refused(TypeError, () => struct('S', { __proto__: u64 } as never))
    refused(TypeError, () => tagged('is', u8, { A: [0, { __proto__: u64 }] } as never))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => tagged('is', u8, { A: [0, { 7: u64 }] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => tagged('7', u8, { A: [0, {}] }))
  })

  it('a choice without a case', () => {
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => enumOf(u8, {}))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => tagged('is', u8, {}))
    expect(() => openEnumOf(u8, {})).not.to.throw()
    // @ts-expect-error JavaScript drops the name
    expect(compile(enumOf(u8, { A: 0, __proto__: 1 })).encode('__proto__')._tag).to.equal('Left')
  })

  it('no keys that only look dangerous', () => {
    for (const key of ['constructor', 'toString', 'hasOwnProperty', '', "a'b", 'a\u2028b', '-1', '1.5']) {
      const codec = compile(struct('S', { [key]: u64 }))
      const bytes = new Uint8Array(8).fill(1)
      expect(codec.decode(bytes)).to.deep.equal(right({ [key]: 0x0101010101010101n }))
      const union = compile(tagged(key, u8, { 'it\'s "A"': [0, { x: u64 }] }))
      expect(union.decode(new Uint8Array(16))).to.deep.equal(right({ [key]: 'it\'s "A"', x: 0n }))
    }
  })

  it('tags that occur twice or do not fit', () => {
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => enumOf(u8, { A: 1, B: 1 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => openEnumOf(u8, { A: 1, B: 1 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => tagged('is', utf8, { A: ['x', {}], B: ['x', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => enumOf(u8, { A: 256 }))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => enumOf(u8, { A: -1 }))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => enumOf(u8, { A: 1.5 }))
    refused(RangeError, () => enumOf(lowBits(8), { A: 256 }))
    refused(RangeError, () => tagged('is', u32, { A: [2n ** 32n, {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => tagged('is', u32, { A: ['word', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => tagged('is', utf8, { A: [1, {}] }))
    // No bytes encode these texts: half a character, or a byte that would form a character with its neighbour.
    refused(RangeError, () => tagged('is', utf8, { A: ['\ud800', {}] }))
    refused(RangeError, () => tagged('is', utf8, { A: ['\udc80', {}] }))
    for (const mark of ['\ud800', 'a\udc00', '\udcc3\udca9']) {
      refused(RangeError, () => tagged('is', escapedText, { A: [mark, {}] }))
      refused(RangeError, () => until(escapedText, { next: mark, end: '' }, u64))
    }
    expect(() => tagged('is', escapedText, { A: ['\udc80', {}] })).not.to.throw()
    expect(() => tagged('is', utf8, { A: ['🦊', {}] })).not.to.throw()
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => optionalEnumOf(u8, 256, { A: 1 }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => tagged('is', G.StorePath, { A: ['x', {}] }))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => optionalByTag(bool32, u64))
  })

  it('marks that are equal, or do not fit', () => {
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => until(u64, { next: 0n, end: 0n }, u64))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => until(u8, { next: 1, end: 256 }, u64))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => until(u8, { next: 1, end: -1 }, u64))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => until(G.OutputName, { next: '', end: '' } as never, u64))
  })

  it('literals that no protocol can encode', () => {
    refused(RangeError, () => literal(u8, 300))
    refused(RangeError, () => literal(u8, -1))
    refused(RangeError, () => literal(u8, 1.5))
    refused(RangeError, () => literal(lowBits(4), 16))
    refused(RangeError, () => literal(u64, 2n ** 64n))
    refused(RangeError, () => literal(i8, 128))
    refused(RangeError, () => literal(bool32, 1 as never))
    refused(RangeError, () => literal(utf8, 'half a character: \ud800'))
    refused(RangeError, () => literal(escapedText, 'A\ud800'))
    refused(RangeError, () => literal(limited(3, utf8), '12345'))
    refused(RangeError, () => literal(rawBytes(3), new Uint8Array(2)))
    refused(RangeError, () => literal(limited(3, paddedBytes), new Uint8Array(4)))
    refused(RangeError, () =>
      literal(
        refine(u8, 'an even number', (n) => n % 2 === 0),
        7,
      ),
    )
    refused(RangeError, () => literal(enumOf(u8, { A: 0 }), 'B' as 'A'))
    refused(RangeError, () => literal(openEnumOf(u8, { A: 0 }), 0))
    refused(RangeError, () => literal(openEnumOf(u8, { A: 0 }), 256))
    refused(RangeError, () => literal(tuple(u8, u8), [1, 256]))
    refused(RangeError, () => literal(struct('S', { a: u8 }), { a: 256 }))
    refused(RangeError, () => literal(framed(u8), 256))
    expect(() => literal(utf8, 1 as never)).to.throw('a literal of utf8 cannot be 1: expected a string')
    for (const fits of [
      () => literal(u8, 255),
      () => literal(u64, 2n ** 64n - 1n),
      () => literal(i8, -128),
      () => literal(escapedText, 'A\udcff'),
      () => literal(limited(3, utf8), 'é1'),
      () => literal(rawBytes(3), new Uint8Array(3)),
      () => literal(openEnumOf(u8, { A: 0 }), 7),
      () => literal(struct('S', { a: u8, one: literal(u8, 1) }), { a: 255 }),
      () => literal(versioned(since('1.2'), u8, -1), -1),
      () => literal(optionalByTag(u8, u8), none),
    ]) {
      expect(fits).not.to.throw()
    }
  })

  it('invalid bounds and lengths', () => {
    for (const bound of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      refused(RangeError, () => intUpTo(bound))
      refused(RangeError, () => rawBytes(bound))
      refused(RangeError, () => limited(bound, paddedBytes))
      refused(RangeError, () => limited(bound, utf8))
    }
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => intUpTo(-1))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => intUpTo(9007199254740992))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => rawBytes(1.5))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => limited(-1, utf8))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => lowBits(33))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => lowBits(0))
    expect(() => [intUpTo(0), intUpTo(9007199254740991), rawBytes(0), lowBits(1), lowBits(32)]).not.to.throw()
    for (const bits of [-1, 0, 1.5, 33, Number.NaN]) {
      refused(RangeError, () => lowBits(bits))
    }
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => limited(4, u64))
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => limited(4, struct('S', { a: utf8 })))
    refused(TypeError, () => limited(4, rawBytes(4)))
  })

  it('counts that are not integers', () => {
    // @ts-expect-error the compiler refuses it too
    refused(TypeError, () => listOf(u64, { count: utf8 }))
  })

  it('invalid versions', () => {
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => since('1.256'))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => earlierThan('01.1'))
    // @ts-expect-error the compiler refuses it too
    refused(RangeError, () => since('1.-1'))
    expect(() => [since('0.0'), earlierThan('255.255'), since('1.100' as ProtocolVersion)]).not.to.throw()
    for (const version of ['1', '1.256', '256.0', '01.1', '1.1.1', '', 'x.y', '1.-1']) {
      refused(RangeError, () => since(version as ProtocolVersion))
      refused(RangeError, () => protocol({ version: version as ProtocolVersion }))
      refused(RangeError, () => compile(u64, { version: version as ProtocolVersion }))
    }
  })

  it('invalid store directories', () => {
    for (const storeDir of [
      '',
      '/',
      '//',
      'nix/store',
      'nix/store/',
      '/nix//store',
      '/nix/./store',
      '/nix/../store',
      '/a\0b',
    ]) {
      refused(RangeError, () => protocol({ storeDir }))
    }
    expect(protocol({ storeDir: '/gnu/store/' }).storeDir).to.equal('/gnu/store')
    expect(protocol({ storeDir: '/gnu/store//' }).storeDir).to.equal('/gnu/store')
    expect(protocol({ features: ['b', 'a', 'b'] })).to.deep.equal({ features: ['a', 'b'] })
  })
})
