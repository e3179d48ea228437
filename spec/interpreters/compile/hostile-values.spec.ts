import { expect } from 'chai'
import { isLeft, isRight, right } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import {
  bool64,
  defaults,
  enumOf,
  escapedText,
  framed,
  type Grammar,
  type Issue,
  imap,
  lazy,
  listOf,
  mapOf,
  openEnumOf,
  optionalByTag,
  paddedBytes,
  rawBytes,
  refine,
  setOf,
  since,
  struct,
  tagged,
  tuple,
  u8,
  u64,
  until,
  utf8,
  versioned,
} from '../../../combinators/index.js'
import * as G from '../../../grammar/index.js'
import {
  type CompileOptions,
  compile,
  dissect,
  runParser,
  toJson,
  toParser,
} from '../../../interpreters/index.js'
import { edgesOf } from '../../support/conversation-edges.js'
import { issueOf, rightOf } from '../../support/either.js'
import { allGrammars } from '../../support/grammars.js'
import { hostile } from '../../support/hostile-values.js'
import { refusedAs } from '../../support/issues.js'
import { allProtocols } from '../../support/protocols.js'
import { concat, int, wrong } from '../../support/wire.js'

const ways: ReadonlyArray<CompileOptions> = [true, false].flatMap((evaluate) => [
  { evaluate, profile: 'compatible' },
  { evaluate, profile: 'canonical' },
])

const any = <A>(grammar: Grammar<A>) => grammar as Grammar<unknown>

type Tree = { readonly children: ReadonlyArray<Tree> }
const Tree: Grammar<Tree> = struct('Tree', { children: setOf(lazy(() => Tree)) })

/** One of each kind of node, with a value. */
const kinds: ReadonlyArray<readonly [name: string, grammar: Grammar<unknown>, value: unknown]> = [
  ['int', any(u64), 7n],
  ['number', any(u8), 7],
  ['bool', any(bool64), true],
  ['padded bytes', any(paddedBytes), new Uint8Array(3)],
  ['raw bytes', any(rawBytes(8)), new Uint8Array(8)],
  ['text', any(utf8), 'a'],
  ['escaped text', any(escapedText), '\udcff'],
  ['optional text', any(G.OptStorePath), { _tag: 'None' }],
  ['struct', any(struct('S', { a: u64, b: utf8 })), { a: 1n, b: 'b' }],
  ['tuple', any(tuple(u64, utf8)), [1n, 'b']],
  ['list', any(listOf(u64)), [3n, 1n, 2n]],
  [
    'set',
    any(setOf(tuple(u64, u64))),
    [
      [3n, 1n],
      [1n, 2n],
      [2n, 2n],
    ],
  ],
  [
    'map',
    any(mapOf(utf8, listOf(u64))),
    new Map([
      ['b', [1n]],
      ['a', []],
    ]),
  ],
  [
    'map of structs',
    any(mapOf(tuple(u64), u64)),
    new Map([
      [[2n], 1n],
      [[1n], 2n],
    ]),
  ],
  ['enum', any(enumOf(u8, { A: 0, B: 1 })), 'A'],
  ['open enum', any(openEnumOf(u8, { A: 0, B: 1 })), 7],
  [
    'union',
    any(tagged('is', u8, { A: [0, { x: u64 }], B: [1, { y: listOf(utf8) }] })),
    { is: 'B', y: ['z'] },
  ],
  ['option', any(optionalByTag(u8, listOf(u64))), some([1n])],
  [
    'field that is not sent',
    any(
      defaults(
        { version: '1.0' },
        struct('V', { a: versioned(since('9.0'), mapOf(u64, u64), new Map([[1n, 1n]])), b: u8 }),
      ),
    ),
    { a: new Map([[1n, 1n]]), b: 1 },
  ],
  ['recursion', any(Tree), { children: [{ children: [{ children: [] }] }, { children: [] }] }],
  [
    'imap',
    any(
      imap(
        listOf(u64),
        (a) => right({ a }),
        ({ a }) => right(a),
      ) as never,
    ),
    { a: [1n] },
  ],
  ['refinement', any(refine(listOf(u64), 'not empty', ({ length }) => length > 0)), [1n]],
  ['marks', any(until(u64, { next: 1n, end: 0n }, listOf(u64))), [[1n], []]],
  ['frames', any(framed(struct('F', { a: listOf(utf8) }))), { a: ['a'] }],
]

const startsWith = (path: ReadonlyArray<unknown>, prefix: ReadonlyArray<unknown>): boolean =>
  prefix.every((step, i) => path[i] === step)

/** What is written all the same must be a value that every reader takes. */
const holds = (
  grammar: Grammar<unknown>,
  given: object,
  value: () => Iterable<ReturnType<typeof one>>,
  among = ways,
) => {
  let refused = 0
  for (const options of among) {
    const codec = compile(grammar, given, options)
    for (const each of value()) {
      const written = codec.encode(each.value)
      if (isRight(written)) {
        expect(codec.decode(written.right)._tag, each.what).to.equal('Right')
      } else {
        refused++
        // The second of two equal ones is named.
        expect(written.left.path, `${each.what} at ${each.path}`).to.satisfy((path: Issue['path']) =>
          each.exact && written.left._tag !== 'DuplicateKey'
            ? startsWith(path, each.path)
            : Array.isArray(path),
        )
      }
      const shown = toJson(grammar, given, each.again)
      if (isLeft(written) && !['DuplicateKey', 'LimitExceeded'].includes(written.left._tag) && !each.once) {
        expect(shown._tag, `${each.what}: ${JSON.stringify(written.left)}`).to.equal('Left')
      }
    }
  }
  return refused
}

const one = (
  what: string,
  path: ReadonlyArray<string | number>,
  value: unknown,
  again: unknown,
  exact: boolean,
) => ({
  what,
  path,
  value,
  again,
  exact,
  once: what.includes('once') || what.includes('shrinks') || what.includes('grows'),
})

/** Each hostile value made twice, for two interpreters. */
function* pairs(value: unknown, exact: boolean): Generator<ReturnType<typeof one>, void> {
  const second = hostile(value)
  for (const each of hostile(value)) {
    yield one(each.what, each.path, each.value, second.next().value?.value, exact)
  }
}

describe('a hostile value', () => {
  for (const [name, grammar, value] of kinds) {
    it(`in a ${name} is an issue with its path, or its bytes can be decoded`, () => {
      expect(compile(grammar).encode(value)._tag).to.equal('Right')
      const exact = !['imap', 'field that is not sent'].includes(name)
      expect(holds(grammar, {}, () => pairs(value, exact))).to.be.greaterThan(20)
    })
  }

  for (const [name, grammar] of allGrammars) {
    it(`in ${name} is an issue, or its bytes can be decoded`, () => {
      const given = allProtocols.at(-2)!
      const [value] = edgesOf(name, given).slice(-1)
      holds(grammar, given, () => pairs(value, false), [ways[0]!, ways[3]!])
    })
  }

  it('that changes while it is written has the path of its old form', () => {
    const List = struct('L', { before: u64, list: listOf(struct('I', { x: u64 })) })
    for (const options of ways) {
      const list: Array<{ readonly x: bigint }> = []
      const item = {
        get x(): bigint {
          if (list.length < 3) list.push({ x: 9n })
          return 1n
        },
      }
      list.push(item, { x: 2n })
      const issue = refusedAs(compile(List, {}, options).encode({ before: 0n, list }), 'Unrepresentable', 8, [
        'list',
      ])
      expect(issue.expected).to.include('does not change')
    }
  })

  it('that throws is an issue with the error', () => {
    const value = {
      get a(): bigint {
        throw new RangeError('out of luck')
      },
    }
    const issue = refusedAs(
      compile(tuple(u64, struct('S', { a: u64 }))).encode([0n, value]),
      'Unrepresentable',
      8,
      [1, 'a'],
    )
    expect(issue.actual).to.include('out of luck')
  })

  it('does not hide an invalid grammar', () => {
    const nothing: Grammar<unknown> = lazy(() => struct('Nothing', {}) as Grammar<unknown>)
    for (const options of ways) {
      expect(() => compile(nothing, {}, options)).to.throw(TypeError, 'at least one byte')
      expect(() => compile(struct('S', { a: u8, b: nothing }), {}, options)).to.throw(TypeError)
    }
  })

  it('is an issue if a function of an imap throws for it', () => {
    const codec = compile(
      listOf(
        imap(
          u64,
          (n) => right(n),
          (n: bigint) => (n === 2n ? (wrong(null) as { readonly x: never }).x : right(n)),
        ),
      ),
    )
    expect(issueOf(codec.encode([1n, 2n]))).to.include({ _tag: 'Unrepresentable', offset: 16 })
    expect(issueOf(codec.encode([1n, 2n])).path).to.deep.equal([1])
  })
})

describe('an argument that is not bytes', () => {
  const buffer = new ArrayBuffer(8)
  const strangers = [
    null,
    undefined,
    'text',
    7,
    buffer,
    new DataView(buffer),
    new Uint16Array(4),
    [0],
    new Proxy(new Uint8Array(8), {}),
    Object.create(Uint8Array.prototype),
  ]
  it('is a TypeError at once', () => {
    const codec = compile(u64)
    for (const stranger of strangers) {
      const bytes = wrong(stranger)
      for (const use of [
        () => codec.decode(bytes),
        () => codec.decodeAt(bytes, 0),
        () => codec.encodeInto(7n, bytes, 0),
        () => dissect(u64, {}, bytes),
        () => runParser(toParser(u64), bytes),
      ]) {
        expect(use, String(Object.prototype.toString.call(stranger))).to.throw(
          TypeError,
          'must be a Uint8Array, not ',
        )
      }
    }
    expect(() => codec.decode(wrong(new DataView(buffer)))).to.throw('not an object (DataView)')
  })

  it('does not include a Buffer, a subclass or a part of either', () => {
    class Mine extends Uint8Array {}
    const bytes = int(7)
    for (const each of [
      Buffer.from(bytes),
      Mine.from(bytes),
      Buffer.from(concat(bytes, bytes)).subarray(8),
    ]) {
      expect(compile(u64).decode(each)).to.deep.equal(right(7n))
    }
    expect(rightOf(compile(u64).encodeInto(7n, Buffer.alloc(8), 0))).to.equal(8)
  })
})
