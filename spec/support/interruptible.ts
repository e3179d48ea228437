import { right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  bool64,
  bytesOf,
  enumOf,
  framed,
  type Grammar,
  imap,
  lazy,
  listOf,
  literal,
  mapOf,
  optionalByTag,
  paddedBytes,
  rawBytes,
  setOf,
  size,
  struct,
  tagged,
  tuple,
  u8,
  u63,
  u64,
  until,
  utf8,
  withBytes,
} from '../../combinators/index.js'

export interface Tree {
  readonly label: bigint
  readonly children: ReadonlyArray<Tree>
}
export const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })

const Doubled = imap(
  u64,
  (n) => right(n * 2n),
  (n) => right(n / 2n),
)

const sample = <A>(name: string, grammar: Grammar<A>, value: A): Sample => ({
  name,
  grammar: grammar as unknown as Grammar<unknown>,
  value,
})

export interface Sample {
  readonly name: string
  readonly grammar: Grammar<unknown>
  readonly value: unknown
}

/** A grammar with every kind of node in which a reading can be interrupted, independent of the protocol. */
export const interruptible: ReadonlyArray<Sample> = [
  sample('lists of lists', listOf(listOf(utf8)), [['a', 'bc'], [], ['d'.repeat(30)]]),
  sample('a list inside a struct', struct('S', { a: u64, l: listOf(u64), z: bool64 }), {
    a: 1n,
    l: [2n, 3n],
    z: true,
  }),
  sample(
    'a map of maps',
    mapOf(utf8, mapOf(u64, utf8)),
    new Map([
      [
        'k',
        new Map([
          [1n, 'x'],
          [2n, 'y'],
        ] as const),
      ],
      ['l', new Map()],
    ]),
  ),
  sample(
    'a map whose keys are objects',
    mapOf(tuple(utf8, u64), u64),
    new Map([
      [['a', 1n] as const, 2n],
      [['b', 1n] as const, 3n],
    ]),
  ),
  sample(
    'fixed fields',
    struct('F', { magic: literal(utf8, 'magic'), pair: literal(tuple(u64, u64), [1n, 2n]), a: u64 }),
    { a: 3n },
  ),
  sample('views of other values', struct('I', { a: utf8, d: Doubled, l: listOf(Doubled) }), {
    a: 'x',
    d: 4n,
    l: [2n, 6n],
  }),
  sample(
    'a union',
    listOf(tagged('type', size, { Int: [0, { n: u64 }], Text: [1, { t: utf8, l: listOf(u64) }] })),
    [
      { type: 'Int', n: 1n },
      { type: 'Text', t: 'abc', l: [1n, 2n] },
    ],
  ),
  sample('options', listOf(optionalByTag(u8, listOf(utf8))), [none, some(['a']), some([])]),
  sample('items up to a mark', until(u64, { next: 1n, end: 0n }, tuple(utf8, listOf(u64))), [
    ['a', [1n]],
    ['b', []],
  ]),
  sample('items up to a word', until(utf8, { next: 'more', end: '' }, struct('E', { n: u64 })), [{ n: 1n }]),
  sample('frames', struct('R', { a: u64, content: framed(listOf(utf8)), z: u64 }), {
    a: 1n,
    content: ['a', 'b'.repeat(20)],
    z: 2n,
  }),
  sample(
    'raw bytes, so that nothing is aligned',
    listOf(struct('W', { r: rawBytes(3), b: paddedBytes, e: enumOf(size, { A: 0, B: 7 }) })),
    [{ r: bytesOf('010203'), b: bytesOf('04'), e: 'B' }],
  ),
  sample('recursion', Tree, {
    label: 1n,
    children: [
      { label: 2n, children: [{ label: 3n, children: [] }] },
      { label: 4n, children: [] },
    ],
  }),
  sample(
    'values with their bytes, one inside another',
    withBytes(struct('P', { a: withBytes(utf8), l: listOf(withBytes(u64)) })),
    {
      value: {
        a: { value: 'hi', bytes: bytesOf('0200000000000000 6869 000000000000') },
        l: [{ value: 7n, bytes: bytesOf('0700000000000000') }],
      },
      bytes: bytesOf('0200000000000000 6869 000000000000 0100000000000000 0700000000000000'),
    },
  ),
  sample('a set', setOf(u63), [1n, 2n, 300n]),
]
