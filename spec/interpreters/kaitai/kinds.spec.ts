import { expect } from 'chai'
import {
  type AnyGrammar,
  bool32,
  byProtocol,
  enumOf,
  escapedText,
  feature,
  flagsOf,
  framed,
  type Grammar,
  i8,
  i16,
  i32,
  i64,
  intUpTo,
  lazy,
  limited,
  listOf,
  listToEnd,
  literal,
  lowBits,
  mapOf,
  openEnumOf,
  optional,
  optionalByOpenTag,
  optionalByTag,
  optionalEnumOf,
  paddedBytes,
  rawBytes,
  refine,
  restBytes,
  setOf,
  since,
  strictBool,
  struct,
  tagged,
  text,
  tuple,
  u8,
  u32,
  u63,
  u64,
  until,
  utf8,
  versioned,
  withBytes,
} from '../../../combinators/index.js'
import { compile, toKaitai, toKaitaiFiles } from '../../../interpreters/index.js'
import * as T from '../../../types/index.js'
import { Tree } from '../../support/arbitrary.js'
import { Draw, randomRecipe } from '../../support/random-grammars/index.js'
import { madeFrom, shownRecipe } from '../../support/random-grammars/recipe.js'
import { expectSameValues, subject } from './checked.js'
import { compiledTogether, decoderOf, loaded, pascal } from './compiled.js'

interface Rose {
  readonly petals: ReadonlyArray<Rose>
}
const Rose: Grammar<Rose> = struct('Rose', { petals: listOf(lazy(() => Rose)) })
interface Nest extends ReadonlyArray<Nest> {}
const Nest: Grammar<Nest> = listOf(lazy((): Grammar<Nest> => Nest))

const word = refine(utf8, 'a text that is not empty', (each) => each.length > 0)

const kinds: { readonly [name: string]: AnyGrammar } = {
  integers: struct('Integers', {
    a: u8,
    b: u32,
    c: u63,
    d: u64,
    e: intUpTo(1000),
    f: lowBits(3),
    g: lowBits(32),
  }),
  signed: tuple(i8, i16, i32, i64),
  bools: tuple(bool32, strictBool),
  bytes: tuple(rawBytes(3), paddedBytes, limited(7, paddedBytes), rawBytes(0), restBytes),
  texts: tuple(utf8, escapedText, limited(9, utf8), optional(word), optional(text(T.StorePath.format))),
  formats: tuple(
    text(T.StorePathHash.format),
    text(T.HashAlgorithm.format),
    optional(text(T.HashAlgorithm.format)),
  ),
  lists: tuple(listOf(u8), listOf(listOf(utf8)), listOf(u64, { length: 3 }), listOf(u8, { count: u8 })),
  'a count of low bits': listOf(u64, { count: lowBits(16) }),
  'a list to the end': struct('ToEnd', { first: u8, others: listToEnd(tuple(u8, utf8)) }),
  maps: tuple(mapOf(utf8, u64), mapOf(u8, mapOf(u8, utf8), { duplicates: 'first' }), setOf(setOf(u8))),
  flags: flagsOf(u8, { read: 4, write: 2, execute: 1 }),
  tree: Tree,
  rose: Rose,
  nest: Nest,
  enums: tuple(
    enumOf(u8, { No: 0, 'No!': 1, no: 2, Ä: 3, '': 4, None: 5 }),
    enumOf(utf8, { Yes: 'y', No: 'n', Quote: '"\\\n\u{1f600}' }),
    enumOf(escapedText, { Raw: '\udcff', Word: 'word' }),
    openEnumOf(u32, { Low: 0, High: 1 }),
    optionalEnumOf(u8, 0, { Trusted: 1 }),
    openEnumOf(lowBits(4), { Low: 0 }),
  ),
  'a tag above 2^63': tagged('is', u64, { A: [0xffff_ffff_ffff_f000n, { a: u8 }], B: [1n, {}] }),
  options: tuple(
    optionalByTag(u8, u64),
    optionalByOpenTag(u32, utf8),
    optionalByTag(u64, optionalByTag(u8, u8)),
  ),
  unions: tagged('is', u8, { A: [1, { a: u8, b: utf8 }], B: [2, {}] }, { Other: ['tag', { rest: utf8 }] }),
  'unions by a word': tagged('is', utf8, { A: ['a', { a: u8 }], B: ['b', {}] }, { Other: ['tag', {}] }),
  'unions by bytes': tagged('is', escapedText, { A: ['a', { a: u8 }] }, { Other: ['tag', { b: u8 }] }),
  untils: tuple(
    until(u64, { next: 1n, end: 0n }, utf8),
    until(utf8, { next: 'more', end: 'done' }, u8),
    until(escapedText, { next: '\udc80', end: '' }, struct('Item', { a: u64 })),
  ),
  frames: struct('Frames', { first: framed(struct('Inside', { a: u64, b: restBytes })), behind: u8 }),
  spans: withBytes(struct('Signed', { letter: withBytes(utf8), n: withBytes(u8) })),
  constants: struct('Constants', {
    magic: literal(u64, 0x6e697863n),
    word: literal(utf8, 'hello'),
    raw: literal(rawBytes(3), new Uint8Array([1, 2, 3])),
    padded: literal(paddedBytes, new Uint8Array([9])),
    yes: literal(bool32, true),
    old: literal(u8, 7, { ignored: true }),
    none: literal(rawBytes(0), new Uint8Array()),
    rest: u8,
  }),
  'odd names': struct('class', {
    class: u8,
    from: u8,
    'it is': u8,
    it_is: u8,
    itIs: u8,
    Ä: u8,
    '': u8,
    _: u8,
    version: u8,
    hasMilk: versioned(feature('milk'), u8, 0),
    constructor: versioned(since('1.2'), u8, 0),
    len: u8,
    true: u8,
  }),
  forms: byProtocol(
    [
      [feature('milk'), tuple(u8, u8)],
      [since('1.2'), tuple(u8, u8)],
    ],
    tuple(u8, byProtocol([[since('1.1'), u8]], 7)),
  ),
}

const protocols = [
  { version: '1.0', features: [] },
  { version: '1.2', features: [] },
  { version: '1.2', features: ['milk'] },
] as const

describe('a decoder of Kaitai Struct, for each kind of node', () => {
  const files = toKaitaiFiles('kinds', Object.entries(kinds))
  const names = [...files.keys()].map((file) => file.replace('.ksy', ''))
  let moduleOf: ReturnType<typeof loaded>

  before(async () => {
    moduleOf = loaded(await compiledTogether('javascript', files))
  })

  Object.entries(kinds).forEach(([name, grammar], i) => {
    it(`reads the values: ${name}`, () => {
      const decoder = moduleOf(pascal(names[i]!))
      for (const protocol of protocols) {
        expectSameValues(subject(grammar, protocol, decoder), 40)
      }
    })
  })

  it('reads the values from one file that holds all types', async () => {
    const module = loaded(await compiledTogether('javascript', new Map([...files].slice(-1))))('Kinds')
    Object.values(kinds).forEach((grammar, i) => {
      expectSameValues(subject(grammar, protocols[2], module[pascal(names[i]!)]!), 5)
    })
  })

  it('reads the values with all gates decided, without parameters', async () => {
    for (const protocol of protocols) {
      for (const name of ['forms', 'odd names']) {
        const decoder = await decoderOf(toKaitai(kinds[name]!, protocol))
        expect(decoder).to.have.lengthOf(3)
        expectSameValues(subject(kinds[name]!, protocol, decoder), 40)
      }
    }
  })
})

describe('a decoder of Kaitai Struct, for a grammar with the name of the type in its file', () => {
  it('reads the values, alone and beside others', async () => {
    const Message = struct('Message', { text: utf8 })
    const alone = await decoderOf(toKaitai(Message))
    expectSameValues(subject(Message, {}, alone), 8)
    const moduleOf = loaded(
      await compiledTogether('javascript', toKaitaiFiles('all', [['Message', Message]])),
    )
    expectSameValues(subject(Message, {}, moduleOf('MessageType')), 8)
  })
})

describe('a decoder of Kaitai Struct, for grammars of random combinators', () => {
  const drawn = Array.from({ length: 60 }, (_, seed) => randomRecipe(new Draw(seed))).flatMap((recipe) => {
    try {
      const grammar = madeFrom(recipe)
      protocols.map((protocol) => compile(grammar, protocol))
      return [[shownRecipe(recipe), grammar] as const]
    } catch {
      // These combinators do not fit together.
      return []
    }
  })

  it('reads the values', async () => {
    const files = toKaitaiFiles(
      'random',
      drawn.map(([, grammar], i) => [`g${i}`, grammar]),
    )
    const moduleOf = loaded(await compiledTogether('javascript', files))
    expect(drawn).to.have.length.above(30)
    drawn.forEach(([shown, grammar], i) => {
      for (const protocol of protocols) {
        try {
          expectSameValues(subject(grammar, protocol, moduleOf(`G${i}`)), 8)
        } catch (error) {
          throw new Error(`${shown}: ${String(error)}`)
        }
      }
    })
  })
})
