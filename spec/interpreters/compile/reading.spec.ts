import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import {
  type AnyGrammar,
  type FieldPath,
  type Grammar,
  type IssueTag,
  intUpTo,
  limited,
  listOf,
  literal,
  lowBits,
  mapOf,
  nodeName,
  paddedBytes,
  rawBytes,
  setOf,
  size,
  strictBool,
  struct,
  tagged,
  tuple,
  u8,
  u32,
  u63,
  u64,
  utf8,
} from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import { type CompileOptions, compile } from '../../../interpreters/index.js'
import type * as T from '../../../types/index.js'
import { sha256, storePath } from '../../support/edge-values.js'
import { rightOf } from '../../support/either.js'
import { refusedAs } from '../../support/issues.js'
import { processorTime } from '../../support/processor-time.js'
import { profiles, realisationsByPath } from '../../support/protocols.js'
import { concat, int, padded, withByte } from '../../support/wire.js'

const canonical: CompileOptions = { profile: 'canonical' }

const refuses = (
  grammar: AnyGrammar,
  bytes: Uint8Array,
  tag: IssueTag,
  offset: number,
  path: FieldPath = [],
  options: ReadonlyArray<CompileOptions> = profiles,
) =>
  options.map((each) =>
    refusedAs(compile(grammar as Grammar<unknown>, {}, each).decode(bytes), tag, offset, path),
  )

describe('a codec rejects, when reading,', () => {
  it('padding that is not zero, in each of its bytes, in every kind of padded bytes', () => {
    for (const grammar of [G.Bytes, G.String, G.Text]) {
      for (let length = 1; length <= 17; length++) {
        const bytes = padded('x'.repeat(length))
        for (let at = 8 + length; at < bytes.length; at++) {
          const [issue] = refuses(
            listOf<unknown>(grammar as Grammar<unknown>),
            concat(int(2), padded('ok'), withByte(bytes, at, 0x7f)),
            'NonZeroPadding',
            24 + at,
            [1],
          )
          expect(issue?.actual).to.equal('0x7f')
        }
      }
    }
    const path = padded(storePath('foo'))
    refuses(G.StorePath, withByte(path, path.length - 1, 1), 'NonZeroPadding', path.length - 1)
    refuses(G.OptStorePath, withByte(path, path.length - 1, 1), 'NonZeroPadding', path.length - 1)
  })

  it('announced lengths over the limit, before it allocates anything', () => {
    const before = process.memoryUsage().arrayBuffers
    const time = processorTime(() => {
      for (const length of [2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 8n, 2n ** 64n - 1n]) {
        for (const grammar of [G.Bytes, G.String, G.Text, G.StorePath, G.OptStorePath]) {
          const [issue] = refuses(grammar, concat(int(length), new Uint8Array(16)), 'LimitExceeded', 0)
          expect(issue).to.include({ limit: 'string', maximum: 64 * 2 ** 20 })
          expect(issue?.actual).to.include(String(length))
        }
      }
      // Below the limit, but missing: the missing bytes are counted, and no memory is allocated for them.
      for (const grammar of [G.Bytes, G.String]) {
        const [issue] = refuses(grammar, int(64 * 2 ** 20), 'UnexpectedEnd', 0)
        expect(issue).to.include({ missing: 64 * 2 ** 20 })
      }
    })
    expect(time).to.be.below(1000)
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(2 ** 20)
  })

  it('announced counts over the limit or the available bytes, before it allocates anything', () => {
    const before = process.memoryUsage().arrayBuffers
    const grammars = [listOf(u64), setOf(u64), mapOf(u64, u64), listOf(utf8)]
    for (const grammar of grammars) {
      for (const count of [2n ** 24n + 1n, 2n ** 40n, 2n ** 53n - 1n]) {
        const [issue] = refuses(
          tuple(u64, grammar as Grammar<unknown>),
          concat(int(0), int(count)),
          'LimitExceeded',
          8,
          [1],
        )
        expect(issue).to.include({ limit: 'collection', maximum: 16 * 2 ** 20 })
      }
      for (const count of [2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
        refuses(grammar, int(count), 'OutOfRange', 0)
      }
      refuses(grammar, int(2 ** 24), 'UnexpectedEnd', 8, grammar === grammars[2] ? [0, 'key'] : [0])
    }
    refuses(listOf(u64, { count: u8 }), int(256), 'OutOfRange', 0)
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(2 ** 20)
  })

  it('integers out of the range of their type', () => {
    const tooLarge: ReadonlyArray<readonly [AnyGrammar, bigint]> = [
      [u8, 2n ** 8n],
      [u32, 2n ** 32n],
      [u63, 2n ** 63n],
      [size, 2n ** 53n],
      [intUpTo(100), 101n],
      [intUpTo(0), 1n],
      [intUpTo(2 ** 32), 2n ** 32n + 1n],
      [lowBits(16), 2n ** 32n],
      [strictBool, 2n],
      [G.Bool, 2n ** 32n],
      [G.Int, 2n ** 32n],
      [G.Int64, 2n ** 63n],
      [G.Time, 2n ** 63n],
      [G.UInt8, 256n],
      [G.Size, 2n ** 53n],
      [G.ProtocolVersion, 2n ** 32n],
      [G.BuildMode, 256n],
      [G.GCAction, 2n ** 32n],
      [G.Verbosity, 2n ** 32n],
    ]
    for (const [grammar, number] of tooLarge) {
      for (const each of [number, 2n ** 64n - 1n]) {
        const message = concat(int(1), int(each))
        const [issue] = refuses(tuple(u64, grammar as Grammar<unknown>), message, 'OutOfRange', 8, [1])
        expect(issue?.actual).to.equal(String(each))
        const there = compile(grammar as Grammar<unknown>).decode(int(number - 1n))
        if (there._tag === 'Left') expect(there.left._tag).to.equal('UnknownTag')
      }
    }
  })

  it('numbers without a name in an enumeration', () => {
    const closed: ReadonlyArray<readonly [AnyGrammar, number]> = [
      [G.FileIngestionMethod, 2],
      [G.BuildMode, 3],
      [G.GCAction, 4],
      [G.BuildStatus, 15],
      [G.FieldType, 2],
      [G.OptTrusted, 3],
      [G.OptMicroseconds, 2],
    ]
    for (const [grammar, number] of closed) {
      const [issue] = refuses(
        listOf(grammar as Grammar<unknown>),
        concat(int(1), int(number), int(0)).subarray(0, 16),
        'UnknownTag',
        8,
        [0],
      )
      expect(issue?.actual).to.equal(String(number))
    }
    refuses(listOf(G.Field), concat(int(1), int(2), int(0)), 'UnknownTag', 8, [0, 'type'])
    const Word = tagged('is', utf8, { Yes: ['y', { why: u64 }], No: ['n', {}] })
    refuses(listOf(Word), concat(int(2), padded('n'), padded('maybe')), 'UnknownTag', 24, [1, 'is'])
  })

  it('fixed fields with another value', () => {
    const Fixed = struct('Fixed', {
      magic: literal(u64, 7n),
      old: literal(u32, 1, { ignored: true }),
      kept: literal(u32, 2),
      word: literal(utf8, 'word'),
      end: u64,
    })
    const good = [int(7), int(1), int(2), padded('word'), int(9)]
    const but = (at: number, part: Uint8Array) => concat(...good.map((each, i) => (i === at ? part : each)))
    expect(compile(Fixed).decode(concat(...good))).to.deep.equal(right({ end: 9n }))
    refuses(Fixed, but(0, int(8)), 'UnexpectedValue', 0, ['magic'])
    refuses(Fixed, but(2, int(1)), 'UnexpectedValue', 16, ['kept'])
    refuses(Fixed, but(3, padded('wort')), 'UnexpectedValue', 24, ['word'])
    expect(compile(Fixed).decode(but(1, int(5)))).to.deep.equal(right({ end: 9n }))
    refuses(Fixed, but(1, int(5)), 'UnexpectedValue', 8, ['old'], [canonical])
    const errorAt126 = concat(padded('Errör'), int(0), padded('n'), padded('m'), int(0), int(0))
    refuses(G.Error, errorAt126, 'UnexpectedValue', 0, ['type'])
    const anyName = concat(padded('Error'), int(0), padded('n'), padded('m'), int(0), int(0))
    expect(compile(G.Error).decode(anyName)).to.have.property('_tag', 'Right')
    refuses(G.Error, anyName, 'UnexpectedValue', 24, ['name'], [canonical])
    const havePos = concat(
      padded('Error'),
      int(0),
      padded('Error'),
      padded(''),
      int(0),
      int(1),
      int(1),
      padded(''),
    )
    refuses(G.Error, havePos, 'UnexpectedValue', 64, ['traces', 0, 'havePos'])
  })

  it('bytes of a fixed length that are not complete', () => {
    const Frame = struct('Frame', { kind: rawBytes(3), number: u64 })
    expect(compile(Frame).decode(concat(new Uint8Array([1, 2, 3]), int(7)))).to.deep.equal(
      right({ kind: new Uint8Array([1, 2, 3]), number: 7n }),
    )
    const [cut] = refuses(Frame, new Uint8Array(2), 'UnexpectedEnd', 0, ['kind'])
    expect(cut).to.include({ missing: 1 })
    refuses(Frame, new Uint8Array(10), 'UnexpectedEnd', 3, ['number'])
    expect(compile(rawBytes(0)).decode(new Uint8Array(0))).to.deep.equal(right(new Uint8Array(0)))
  })

  it('text that is not UTF-8, with the position in it', () => {
    const bad: ReadonlyArray<readonly [ReadonlyArray<number>, number]> = [
      [[0x61, 0xff], 1],
      [[0xed, 0xa0, 0x80], 0],
      [[0xc0, 0x80], 0],
      [[0xe2, 0x82], 0],
      [[0x61, 0xf0, 0x9f, 0xa6], 1],
      [[0xf4, 0x90, 0x80, 0x80], 0],
      [[0xe0, 0x80, 0xaf], 0],
      [[0x80], 0],
      [[...Buffer.from('ä'.repeat(100)), 0xff], 200],
      [[...Buffer.from('\ufffd'.repeat(60)), 0xfe], 180],
    ]
    for (const [content, position] of bad) {
      const bytes = concat(int(0), padded(Uint8Array.from(content)))
      const [issue] = refuses(tuple(u64, G.String), bytes, 'NotUtf8', 16, [1])
      expect(issue).to.include({ position })
    }
    refuses(G.StorePath, padded(new Uint8Array([0xff])), 'NotUtf8', 8)
  })

  it('an announced length over the limit of the field, even if that of the codec is larger', () => {
    const Short = tuple(u64, limited(4, paddedBytes))
    const [issue] = refuses(Short, concat(int(0), padded('12345')), 'LimitExceeded', 8, [1])
    expect(issue).to.include({ limit: 'string', maximum: 4 })
    expect(compile(Short).decode(concat(int(0), padded('1234')))).to.have.property('_tag', 'Right')
  })
})

const realisation =
  `{"dependentRealisations":{},"id":"sha256:${sha256}!out",` +
  '"outPath":"g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo","signatures":["fake-sig-1"]}'

/** Bad texts of every text type, and how many bytes of each are good. */
const badTexts: ReadonlyArray<
  readonly [grammar: AnyGrammar, ...texts: ReadonlyArray<readonly [text: string, position: number]>]
> = [
  [G.Path, ['', 0], ['tmp', 0]],
  [G.NARHash, ['', 0], [`${sha256.slice(0, 63)}g`, 63]],
  [G.HashAlgorithm, ['sha3', 0]],
  [G.HashDigest, ['xyz', 3]],
  [
    G.StorePath,
    ['/gnu/store/x', 1],
    ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3e-foo', 42],
    ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-', 44],
    ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-a b', 45],
  ],
  [G.BaseStorePath, ['g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-a b', 34]],
  [G.StorePathName, ['', 0], ['foo!', 3], ['x'.repeat(212), 211]],
  [G.StorePathHash, ['g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3u', 31]],
  [G.OutputName, ['a,b', 1]],
  [G.ContentAddressMethodWithAlgo, ['fixed:x:sha256', 6]],
  [G.ContentAddress, ['fixed:r:sha255:', 8]],
  [
    G.DerivedPath,
    ['', 0],
    ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv!', 50],
    ['/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x.drv!a,,b', 52],
  ],
  [G.DrvOutput, ['sha256:00!out', 9], [`sha256:${sha256}`, 71]],
  [G.Realisation, ['', 0], ['{]', 1]],
]

/** Texts that only the canonical profile refuses. */
const laxTexts: typeof badTexts = [
  [G.Signature, ['key', 3], [':AAAA', 0], ['k:', 2], ['k:A*AA', 3], ['é:A*AA', 4]],
  [G.Realisation, [realisation, 0]],
]

describe('invalid texts', () => {
  for (const [each, options] of [
    [badTexts, profiles],
    [laxTexts, [canonical]],
  ] as const) {
    for (const [grammar, ...texts] of each) {
      it(`${nodeName(grammar.node)}: have the number of valid characters as position`, () => {
        for (const [text, position] of texts) {
          const bytes = concat(int(0), padded(text))
          const placed = tuple(u64, grammar as Grammar<unknown>)
          for (const issue of refuses(placed, bytes, 'InvalidText', 16, [1], options)) {
            expect(issue, text).to.include({ position })
          }
          expect(compile(placed).decode(bytes)._tag, text).to.equal(each === badTexts ? 'Left' : 'Right')
        }
      })
    }
  }

  it('of an optional text are reported as without the option', () => {
    refuses(G.OptStorePath, padded('x'), 'InvalidText', 8)
    refuses(G.OptHashDigest, padded('x'), 'InvalidText', 8)
    refuses(G.OptContentAddress, padded('x'), 'InvalidText', 8)
    refuses(G.OptContentAddressMethodWithAlgo, padded('x'), 'InvalidText', 8)
  })
})

describe('the place of an issue', () => {
  it('names the field, the item and the part of an entry', () => {
    const info = (reference: string) =>
      concat(
        padded(''),
        padded(sha256),
        int(2),
        padded(storePath('a')),
        padded(reference),
        int(0),
        int(0),
        int(0),
        int(0),
        padded(''),
      )
    const good = concat(padded(storePath('x')), info(storePath('b')))
    const codec = compile(G.ValidPathInfo)
    expect(codec.decode(good)._tag).to.equal('Right')
    const issue = refusedAs(
      codec.decode(concat(padded(storePath('x')), info('/tmp'))),
      'InvalidText',
      56 + 8 + 72 + 8 + 56 + 8,
      ['info', 'references', 1],
    )
    expect(issue.grammar).to.equal('StorePath')
    const map = mapOf(utf8, listOf(u8))
    const entries = (key: Uint8Array, value: number) =>
      concat(int(2), padded('a'), int(0), key, int(2), int(1), int(value))
    refuses(map, entries(padded('b'), 256), 'OutOfRange', 64, [1, 'value', 1])
    refuses(map, entries(padded(new Uint8Array([0xff])), 1), 'NotUtf8', 40, [1, 'key'])
    refuses(G.DerivationOutput, concat(padded(''), padded('sha256'), padded('x')), 'InvalidText', 32, [
      'hash',
    ])
  })

  it('counts from the start of the message, wherever that lies', () => {
    const message = concat(new Uint8Array(13), int(1), int(2 ** 32))
    refusedAs(compile(tuple(u64, u32)).decodeAt(message, 13), 'OutOfRange', 21, [1])
    const view = message.subarray(5)
    refusedAs(compile(tuple(u64, u32)).decodeAt(view, 8), 'OutOfRange', 16, [1])
  })

  it('is the right one under each feature', () => {
    const byPath = { features: [realisationsByPath] }
    const bytes = concat(padded(storePath('d.drv')), padded('a b'))
    refusedAs(compile(G.DrvOutput, byPath).decode(bytes), 'InvalidText', 72, ['outputName'])
  })

  it('throws if it is given outside the message', () => {
    for (const at of [-1, 9, 0.5, Number.NaN]) {
      expect(() => compile(u64).decodeAt(int(0), at)).to.throw(RangeError)
      expect(() => compile(u64).encodeInto(0n, new Uint8Array(8), at)).to.throw(RangeError)
    }
    refusedAs(compile(u64).decodeAt(int(0), 8), 'UnexpectedEnd', 8)
  })
})

describe('a store directory', () => {
  it('may have characters that are not ASCII', () => {
    const path = '/nix/störe/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-x' as string as T.StorePath
    for (const options of profiles) {
      const codec = compile(G.StorePath, { storeDir: '/nix/störe' }, options)
      expect(codec.decode(padded(path))).to.deep.equal(right(path))
      expect(codec.encode(path)).to.deep.equal(right(padded(path)))
      refusedAs(codec.decode(padded(storePath('x'))), 'InvalidText', 8)
    }
  })
})

describe('decoded bytes', () => {
  it('are a plain copy, whatever kind the input is', () => {
    const input = Buffer.from(padded('abc'))
    const read = rightOf(compile(G.Bytes).decode(input))
    expect(read.constructor).to.equal(Uint8Array)
    input.fill(0)
    expect(read).to.deep.equal(new Uint8Array([0x61, 0x62, 0x63]))
    const raw = rightOf(compile(rawBytes(2)).decode(Buffer.from('ab')))
    expect(raw.constructor).to.equal(Uint8Array)
  })
})
