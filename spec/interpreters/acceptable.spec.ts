import { expect } from 'chai'
import fc from 'fast-check'
import { isNone } from 'fp-ts/lib/Option.js'
import {
  type AnyGrammar,
  framed,
  type Grammar,
  lazy,
  listOf,
  literal,
  mapOf,
  optionalByTag,
  refine,
  setOf,
  struct,
  type TypeOf,
  tagged,
  tuple,
  u8,
  u64,
  until,
  utf8,
  withBytes,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { issueOf, rightOf } from '../support/either.js'

const acceptable = (grammar: AnyGrammar, count = 150): ReadonlyArray<Malformed> => {
  const any = grammar as Grammar<unknown>
  const values = fc.sample(toArbitrary(any), { numRuns: count, seed: 1 })
  return [...toMalformed(any).sample(values, 1, new Map(), 'canonical')]
}

const textIn = (bytes: Uint8Array): string =>
  Buffer.from(
    bytes.subarray(8, 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))),
  ).toString()

const Ignored = struct('Ignored', { one: literal(u8, 1, { ignored: true }), rest: u64 })

describe('acceptable messages', () => {
  /** The rows of the README's table of the two profiles, and what shows each. */
  const rows: ReadonlyArray<
    readonly [row: string, grammar: AnyGrammar, isOne: (sample: Malformed) => boolean]
  > = [
    ['a bool of 2 or more', G.Bool64, ({ bytes }) => bytes[0] === 2],
    ['a bool that 32 bits take for 0 or 1', G.Bool64, ({ bytes }) => bytes[0]! < 2 && bytes[4] === 1],
    [
      'bits of a version above the 16th',
      G.ClientHello,
      ({ bytes }) => bytes.some((byte, i) => i > 9 && byte > 0),
    ],
    ['a set out of order', setOf(utf8), ({ issue }) => issue.tag === 'NotCanonical'],
    ['a set with duplicates', setOf(utf8), ({ issue }) => issue.tag === 'DuplicateKey'],
    ['a map out of order', mapOf(utf8, u64), ({ issue }) => issue.tag === 'NotCanonical'],
    ['two map entries with one key', mapOf(utf8, u64), ({ issue }) => issue.tag === 'DuplicateKey'],
    ['a store path with //', G.StorePath, ({ bytes }) => textIn(bytes).includes('//')],
    ['a store path with /./', G.StorePath, ({ bytes }) => textIn(bytes).includes('/./')],
    ['a store path with ..', G.StorePath, ({ bytes }) => textIn(bytes).includes('/../')],
    ['a store path with a slash at the end', G.StorePath, ({ bytes }) => textIn(bytes).endsWith('/')],
    ['a hash in nix32', G.NARHash, ({ bytes }) => textIn(bytes).length === 52],
    ['a hash in base64', G.NARHash, ({ bytes }) => textIn(bytes).length === 44],
    ['a hash behind its algorithm', G.NARHash, ({ bytes }) => textIn(bytes).startsWith('sha256:')],
    ['an SRI hash', G.NARHash, ({ bytes }) => textIn(bytes).startsWith('sha256-')],
    ['a hash in upper case', G.NARHash, ({ bytes }) => /^[0-9A-F]{64}$/.test(textIn(bytes))],
    ['a content address in base16', G.ContentAddress, ({ bytes }) => /:[0-9a-f]{64}$/.test(textIn(bytes))],
    ['outputs out of order', G.DerivedPath, ({ bytes }) => textIn(bytes).includes(',')],
    ['base64 without its padding', G.Signature, ({ bytes }) => /:[^=]*[^=]$/.test(textIn(bytes))],
    ['a free text for a signature', G.Signature, ({ issue }) => issue.tag === 'InvalidText'],
    ['another value in an ignored field', Ignored, ({ issue }) => issue.tag === 'UnexpectedValue'],
    [
      'an input-addressed output with a hash',
      G.DerivationOutput,
      ({ rule }) => rule === 'message: a value as it is written',
    ],
    ['content behind the value in frames', framed(utf8), ({ issue }) => issue.tag === 'TrailingBytes'],
    ['frames of unusual length', framed(utf8), ({ issue }) => issue.tag === 'NotCanonical'],
  ]

  for (const [row, grammar, isOne] of rows) {
    it(`are made for ${row}: one profile accepts, the other rejects`, () => {
      const samples = acceptable(grammar).filter(isOne)
      expect(samples.length, row).to.be.greaterThan(0)
      for (const { bytes, issue, profile } of samples) {
        expect(profile).to.equal('canonical')
        rightOf(compile(grammar as Grammar<unknown>).decode(bytes))
        const {
          _tag: tag,
          offset,
          path,
        } = issueOf(compile(grammar as Grammar<unknown>, {}, { profile: 'canonical' }).decode(bytes))
        expect({ tag, offset, path }).to.deep.equal(issue)
      }
    })
  }

  it('show which of two entries with one key counts', () => {
    const twice = acceptable(mapOf(u8, u64)).filter(({ issue }) => issue.tag === 'DuplicateKey')
    const first = mapOf(u8, u64, { duplicates: 'first' })
    const differ = twice.filter(({ bytes }) => {
      const [last, kept] = [compile(mapOf(u8, u64)), compile(first)].map((codec) =>
        rightOf(codec.decode(bytes)),
      )
      return JSON.stringify([...last!], show) !== JSON.stringify([...kept!], show)
    })
    expect(differ.length).to.be.greaterThan(twice.length / 2)
  })

  /** A grammar of each kind of which the compatible profile reads more forms than one, and values for a literal of it. */
  const lenient: ReadonlyArray<readonly [name: string, grammar: AnyGrammar, values: ReadonlyArray<unknown>]> =
    [
      ['a map', mapOf(u8, u64), [new Map([[1, 5n]]), new Map([1, 2].map((key) => [key, BigInt(key)]))]],
      ['a set', setOf(u8), [[1, 2, 3]]],
      ['a bool', G.Bool64, [true, false]],
      ['the low bits of a version', G.ClientHello, []],
      ['a hash', G.NARHash, []],
      ['a store path', G.StorePath, []],
      ['derived paths', G.DerivedPath, []],
      ['a signature', G.Signature, []],
      ['an output', G.DerivationOutput, []],
      ['frames', framed(mapOf(u8, utf8)), [new Map([[1, 'x']])]],
    ]

  for (const [name, grammar, values] of lenient) {
    it(`leave a fixed value as it is, alone and in a map and a record: ${name}`, () => {
      const any = grammar as Grammar<unknown>
      const found = [...values, ...fc.sample(toArbitrary(any), { numRuns: 10, seed: 1 })].flatMap((value) =>
        [
          tuple(literal(any, value), u8),
          tuple(literal(mapOf(u8, any), new Map([[1, value]])), u8),
          tuple(
            literal(struct('Both', { value: any, beside: literal(any, value, { ignored: true }) }), {
              value,
            }),
            u8,
          ),
        ].flatMap((held) =>
          acceptable(held, 10).map(({ rule, bytes }) => ({ rule, read: compile(held).decode(bytes) })),
        ),
      )
      expect(found.length).to.be.greaterThan(0)
      for (const { rule, read } of found) {
        expect(read._tag, rule).to.equal('Right')
      }
    })
  }

  const Order = struct('Order', {
    teas: setOf(u8),
    cups: mapOf(u8, G.Bool64),
    paid: G.Bool64,
    path: G.StorePath,
  })
  type Order = TypeOf<typeof Order>
  const isFair = ({ teas, cups, paid, path }: Order): boolean =>
    teas.length < 4 && [...cups.values()].includes(true) === paid && !path.endsWith('drv')
  const Fair = refine(Order, 'few teas, paid if there is a cup, and no derivation', isFair)

  /** The same where the rule is of one part alone, and further out. */
  const around: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = [
    ['a record', Fair],
    ['a tuple', tuple(u8, Fair)],
    ['lists, in frames', listOf(framed(listOf(Fair)))],
    ['a map', mapOf(u8, Fair)],
    ['an optional value', optionalByTag(u8, Fair)],
    ['a case', tagged('is', u8, { None: [0, {}], Some: [1, { order: Fair }] })],
    ['items up to a mark', until(u8, { next: 1, end: 0 }, Fair)],
    ['a value with its bytes', refine(withBytes(Order), 'fair', ({ value }) => isFair(value))],
    ['a record behind a reference', lazy(() => Fair)],
    [
      'one of two',
      refine(listOf(optionalByTag(u8, Order)), 'fair', (orders) =>
        orders.every((order) => isNone(order) || isFair(order.value)),
      ),
    ],
  ]

  for (const [name, grammar] of around) {
    it(`are not rejected by a rule about other fields: ${name}`, () => {
      const any = grammar as Grammar<unknown>
      const samples = acceptable(grammar, 300)
      for (const { bytes, rule } of samples) {
        expect(compile(any).decode(bytes)._tag, rule).to.equal('Right')
      }
      const rules = samples.map(({ rule }) => rule.replace(/^.*: /, ''))
      expect(rules).to.include.members(['in ascending order', 'each item once', 'each key once', '0 or 1'])
    })
  }

  it('do not exist if both profiles accept the same', () => {
    expect(acceptable(u64)).to.deep.equal([])
    expect(toMalformed(u64).pick(7n, 1, 'canonical')).to.equal(null)
  })
})

const show = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
