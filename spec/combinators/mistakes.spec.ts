import { expect } from 'chai'
import * as combinators from '../../combinators/index.js'

/** The combinators as a program without types sees them. */
type Untyped = { readonly [name: string]: (...given: ReadonlyArray<unknown>) => unknown }
const untyped = combinators as unknown as Untyped

const { u8, utf8 } = combinators
const newer = combinators.since('1.2')
const milk = combinators.feature('milk')
const S = combinators.struct('S', { a: u8 })
const right = (value: unknown) => ({ _tag: 'Right', right: value })
const format = { name: 'Tea', summary: 'a kind of tea', value: 'text', parse: right, print: right }
const cases = { A: 1 }

/** Wrong pieces of a text format's pattern. */
const pieces = [
  undefined,
  'a',
  {},
  { _tag: 'text', text: 'a' },
  { _tag: 'literal' },
  { _tag: 'literal', text: 5 },
  { _tag: 'storeDir', text: 'a' },
  { _tag: 'chars', alphabet: 'a-z' },
  { _tag: 'chars', alphabet: ['a'], min: 0, max: 1 },
  { _tag: 'chars', alphabet: 'a', min: '0', max: 1 },
  { _tag: 'chars', alphabet: 'a', min: 0, max: 1, mx: 1 },
  { _tag: 'unless', whole: ['a'] },
  { _tag: 'unless', whole: 'a', starts: [] },
  { _tag: 'oneOf', texts: [5] },
]

/** Wrong arguments for each combinator. */
const wrong: { readonly [name: string]: ReadonlyArray<ReadonlyArray<unknown>> } = {
  allOf: [[5], ['1.2'], [u8]],
  alphabet: [[], [5], [['a-z']]],
  anyOf: [[5], ['1.2'], [u8]],
  before: [[], [1.2], ['new']],
  bounds: [[], [5], [u8]],
  byProtocol: [[], [5], [[5], u8], [[[u8, newer]], u8], [[[newer, 5]], u8]],
  bytesOf: [[], [5], ['zz']],
  defaults: [[], [S], [{ version: '1.2' }, 5], [{ vers: '1.2' }, u8], [u8, { version: '1.2' }]],
  enumOf: [[], [u8], [5, cases], [u8, ['A']], [u8, {}], [u8, { A: 'x' }], [cases, u8], [u8, cases, {}]],
  feature: [[], [5], [{}], ['']],
  flagsOf: [[], [u8], [5, cases], [u8, ['A']], [u8, { A: 'x' }], [cases, u8], [u8, cases, {}]],
  framed: [[], [5], ['u8'], [u8, {}]],
  gatesOf: [[], [5]],
  hexOf: [[], ['ab'], [5]],
  holds: [
    [],
    [5, {}],
    ['1.2', {}],
    [newer],
    [newer, '1.2'],
    [newer, { version: 1.2 }],
    [milk, { features: 'milk' }],
  ],
  imap: [[], [u8], [u8, right], [5, right, right], [right, right, u8]],
  intUpTo: [[], ['5'], [5n], [u8], [5, {}]],
  lazy: [[], [u8], [5]],
  limited: [[], ['5', utf8], [utf8, 5], [5], [5, 5]],
  listOf: [[], [5], [u8, 5], [u8, { mx: 5 }], [u8, { count: 5 }], [u8, { length: 'x' }]],
  listToEnd: [[], [5], [u8, { max: 5 }]],
  literal: [[], [5, 5], [u8], [u8, 'x'], [5, u8]],
  lowBits: [[], ['5'], [u8], [5, {}]],
  mapOf: [[], [u8], [5, u8], [u8, 5], [u8, u8, 5], [u8, u8, { mx: 5 }], [u8, u8, { duplicates: 'x' }]],
  named: [[], ['T'], [u8, 'T'], [5, u8], ['T', 5]],
  nodeName: [[], [5], [u8]],
  not: [[], [5], ['1.2']],
  openEnumOf: [[], [u8], [5, cases], [u8, ['A']], [u8, { A: 'x' }], [u8, cases, {}]],
  optional: [[], [5], ['u8']],
  optionalByOpenTag: [[], [u8], [5, u8], [u8, 5]],
  optionalByTag: [[], [u8], [5, u8], [u8, 5]],
  optionalEnumOf: [[], [u8], [u8, 0], [u8, cases, 0], [5, 0, cases]],
  parseVersion: [[], [1.2]],
  pick: [[], [5, 'a'], [S, 5], [S, 'b'], ['a', S]],
  protocol: [[5], ['1.2'], [{ vers: '1.2' }], [{ version: 1.2 }], [{ features: 'a' }], [{ storeDir: 5 }]],
  rawBytes: [[], ['5'], [u8], [5, {}]],
  refine: [[], [u8], [u8, () => true], [u8, 'even'], [u8, () => true, 'even'], [5, 'even', () => true]],
  setOf: [[], [5], [u8, 5], [u8, { mx: 5 }], [u8, { count: 5 }]],
  showGate: [[], [5], ['1.2']],
  since: [[], [1.2], ['new']],
  struct: [
    [],
    [5],
    ['S'],
    ['S', 5],
    ['S', [u8]],
    ['S', { a: 5 }],
    ['S', { a: null }],
    [{ a: u8 }],
    [{ a: u8 }, 'S'],
  ],
  summarised: [[], ['a sum'], [u8, 'a sum'], [5, u8], ['a sum', 5]],
  tagged: [
    [],
    [{}],
    ['is', u8],
    ['is', u8, {}],
    ['is', 5, { A: [1, {}] }],
    ['is', u8, { A: 1 }],
    ['is', u8, { A: [1] }],
    ['is', u8, { A: [1, 5] }],
    ['is', u8, { A: ['x', {}] }],
    [u8, 'is', { A: [1, {}] }],
  ],
  text: [
    [],
    [5],
    [{}],
    [format, { encoding: 'utf8' }],
    [format, 'utf9'],
    ...[
      { name: undefined },
      { name: 5 },
      { summary: undefined },
      { value: undefined },
      { value: 'txt' },
      { parse: 5 },
      { print: undefined },
      { print: 5 },
      { patern: [] },
      { pattern: 'a-z' },
      ...pieces.map((piece) => ({ pattern: [piece] })),
      { syntax: 'Tea = "Mint"' },
      { syntax: ['Tea = "Mint"'] },
      { syntax: [{ rules: 'Tea = "Mint"' }] },
      { syntax: [{ rules: [], gate: '1.2' }] },
      { syntax: [{ rules: [], nte: 'mint' }] },
      { texts: ['Mint'] },
      { otherTexts: 5 },
      { gates: newer },
      { gates: ['1.2'] },
      { asks: 'dir' },
      { defaults: '1.2' },
      { strict: true },
      { quick: right },
      { quick: { parse: right } },
      { quick: { parse: right, print: 5 } },
      { compare: 5 },
      { json: 'yes' },
    ].map((other) => [{ ...format, ...other }]),
  ],
  tuple: [[5], [[u8]], ['T', u8]],
  under: [[], [u8], [5, u8], [u8, { version: '1.2' }], [{ vers: '1.2' }, u8], [{ version: '1.2' }, 5]],
  until: [
    [],
    [u8],
    [u8, 5, u8],
    [u8, u8, { next: 1, end: 0 }],
    [u8, { next: 1 }, u8],
    [u8, { next: 1, end: 0, mx: 5 }, u8],
    [u8, { next: 1, end: 0 }, 5],
    [u8, { next: 1, end: 0 }, u8, { max: 5 }],
  ],
  versionBits: [[], [1.2]],
  versionFromBits: [[], ['1.2'], [258n], [1.5], [Number.POSITIVE_INFINITY], [{}]],
  versioned: [[], [newer], [newer, u8], [u8, newer, 0], ['1.2', u8, 0], [newer, 5, 0]],
  withBytes: [[], [5], [u8, {}]],
}

/** Functions that take any value, and those that read what the library has made. */
const without = ['isGrammar', 'pure', 'showFieldPath', 'showIssue']

describe('wrong arguments of combinators', () => {
  it('are in the table for each function', () => {
    const functions = Object.keys(untyped).filter((name) => typeof untyped[name] === 'function')
    expect([...Object.keys(wrong), ...without].sort()).to.deep.equal(functions.sort())
  })

  // What the engine says if a program fails later, by accident.
  const accidents = /is not a function|is not iterable|Cannot (?:read|use|convert|mix|destructure)|instanceof/

  it('are not what map passes besides an item', () => {
    expect([u8, u8].map(combinators.framed as never)).to.have.lengthOf(2)
    expect([5, 6].map(combinators.lowBits as never)).to.have.lengthOf(2)
  })

  for (const [name, all] of Object.entries(wrong)) {
    it(`are named at once by ${name}`, () => {
      for (const [at, given] of all.entries()) {
        let thrown: unknown
        try {
          untyped[name]?.(...given)
        } catch (error) {
          thrown = error
        }
        expect(thrown, `arguments ${at}`).to.be.an.instanceOf(Error)
        expect((thrown as Error).message, `arguments ${at}`).not.to.match(accidents)
      }
    })
  }
})
