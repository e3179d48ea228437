import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  framed,
  type Grammar,
  type Issue,
  imap,
  lazy,
  listOf,
  literal,
  mapOf,
  named,
  optionalByTag,
  setOf,
  struct,
  tagged,
  tuple,
  u8,
  u32,
  u64,
  until,
  utf8,
} from '../../../combinators/index.js'
import { Input, plansFor } from '../../../interpreters/compile/resumable.js'
import { type CompileOptions, compile } from '../../../interpreters/index.js'
import { rightOf } from '../../support/either.js'
import { refusedAs } from '../../support/issues.js'
import { profiles } from '../../support/protocols.js'
import { concat, int, padded, wrong } from '../../support/wire.js'

const ways: ReadonlyArray<CompileOptions> = profiles.flatMap((profile) => [
  { ...profile, evaluate: true },
  { ...profile, evaluate: false },
])

type Tree = { readonly label: string; readonly children: ReadonlyArray<Tree> }
const Tree: Grammar<Tree> = struct('Tree', { label: utf8, children: listOf(lazy(() => Tree)) })

const Even = named(
  'Even',
  imap(
    u64,
    (n): Either<string, bigint> => (n % 2n === 0n ? right(n / 2n) : left('an even number')),
    (n: bigint) => right(n * 2n),
  ),
)

/** Every kind of node inside others. */
const Everything = struct('Everything', {
  pairs: listOf(tuple(u32, utf8)),
  maps: mapOf(utf8, mapOf(u32, listOf(u64))),
  sets: setOf(setOf(u8)),
  keyed: mapOf(tuple(u8, utf8), Even),
  nothing: literal(u64, 5n),
  unions: listOf(tagged('is', u8, { Some: [0, { x: u64 }], More: [1, { y: listOf(utf8) }], None: [2, {}] })),
  frames: framed(struct('Inside', { marked: until(u64, { next: 1n, end: 0n }, listOf(u32)), end: utf8 })),
  options: listOf(optionalByTag(u8, utf8)),
  tree: Tree,
  end: u64,
})

const value = {
  pairs: [
    [1, 'a'],
    [2, 'é'],
  ] as const,
  maps: new Map([
    ['x', new Map([[1, [1n, 2n]]])],
    ['y', new Map()],
  ]),
  sets: [[], [1], [1, 2]],
  keyed: new Map([
    [[1, 'a'] as const, 1n],
    [[1, 'b'] as const, 2n],
  ]),
  unions: [{ is: 'Some', x: 1n }, { is: 'None' }, { is: 'More', y: ['z', 'w'] }] as const,
  frames: { marked: [[1, 2], []], end: 'end' },
  options: [some('a'), none],
  tree: { label: 'a', children: [{ label: 'b', children: [{ label: 'c', children: [] }] }] },
  end: 7n,
}

/** What comes of bytes that arrive so many at a time. */
const inPieces = (
  grammar: Grammar<unknown>,
  bytes: Uint8Array,
  size: number,
  options: CompileOptions,
): Either<Issue, { readonly value: unknown; readonly next: number }> => {
  const input = new Input()
  input.open(bytes, 0)
  const reading = plansFor({}, options).read(grammar, input)
  for (let there = 0; ; there = Math.min(there + size, bytes.length)) {
    input.end = there
    const outcome = reading.next() ?? (there === bytes.length ? reading.end() : null)
    if (outcome !== null)
      return outcome._tag === 'Left' ? outcome : right({ value: outcome.right, next: input.pos })
    expect(reading.missing).to.be.greaterThan(0)
  }
}

describe('a decoder that stops and continues', () => {
  const all = Everything as Grammar<unknown>
  const bytes = rightOf(compile(Everything).encode(wrong(value)))

  for (const options of ways) {
    const codec = compile(all, {}, options)
    const agree = (given: Uint8Array, what: string) => {
      const whole = codec.decodeAt(given, 0)
      for (const size of [7, 8, 100]) {
        const pieces = inPieces(all, given, size, options)
        if (!isDeepStrictEqual(pieces, whole)) expect(pieces, `${what} by ${size}`).to.deep.equal(whole)
      }
    }

    it(`gives the same value or issue as in one piece, wherever the message is broken (${JSON.stringify(options)})`, () => {
      expect(codec.decode(bytes)).to.deep.equal(right(value))
      agree(bytes, 'all')
      for (let at = 0; at < bytes.length; at += 8) {
        agree(bytes.subarray(0, at + 3), `cut at ${at}`)
        for (const word of [0, 3, 2n ** 24n, 2n ** 64n - 1n]) {
          agree(concat(bytes.subarray(0, at), int(word), bytes.subarray(at + 8)), `${word} at ${at}`)
        }
        agree(concat(bytes.subarray(0, at), bytes.subarray(at + 8)), `without the word at ${at}`)
      }
    })
  }
})

describe('the grammar of an issue', () => {
  const canonical = compile(
    struct('Outer', {
      set: setOf(u8),
      map: mapOf(utf8, u8),
      fixed: literal(u64, 5n),
      even: Even,
      choice: optionalByTag(u8, u8),
    }),
    {},
    { profile: 'canonical' },
  )
  const parts = {
    set: concat(int(2), int(1), int(2)),
    map: concat(int(2), padded('a'), int(1), padded('b'), int(2)),
    fixed: int(5),
    even: int(4),
    choice: concat(int(1), int(7)),
  }
  const message = (changed: Partial<typeof parts>) => concat(...Object.values({ ...parts, ...changed }))

  it('is the part if the part is invalid, and the one around it if it rejects a part', () => {
    expect(canonical.decode(message({}))._tag).to.equal('Right')
    const cases = [
      [{ set: concat(int(2), int(1), int(256)) }, 'OutOfRange', 16, ['set', 1], 'u8'],
      [{ set: concat(int(2), int(2), int(1)) }, 'NotCanonical', 16, ['set', 1], 'set'],
      [{ set: int(2n ** 40n) }, 'LimitExceeded', 0, ['set'], 'set'],
      [
        { map: concat(int(2), padded('b'), int(1), padded('a'), int(2)) },
        'NotCanonical',
        56,
        ['map', 1, 'key'],
        'map',
      ],
      [{ map: concat(int(1), padded('b'), int(999)) }, 'OutOfRange', 48, ['map', 0, 'value'], 'u8'],
      [{ fixed: int(6) }, 'UnexpectedValue', 80, ['fixed'], 'Outer'],
      [{ even: int(3) }, 'InvalidValue', 88, ['even'], 'Even'],
      [{ choice: concat(int(2), int(7)) }, 'UnknownTag', 96, ['choice'], 'option'],
      [{ choice: concat(int(1), int(700)) }, 'OutOfRange', 104, ['choice'], 'u8'],
    ] as const
    for (const [changed, tag, offset, path, grammar] of cases) {
      expect(refusedAs(canonical.decode(message(changed)), tag, offset, [...path]).grammar).to.equal(grammar)
    }
  })
})

describe('a fixed field without room', () => {
  it('is reported by its struct, whatever it contains', () => {
    for (const evaluate of [true, false]) {
      const fixed = literal(optionalByTag(u8, u8), none, { ignored: true })
      const codec = compile(struct('Outer', { a: u64, fixed, b: u64 }), {}, { evaluate })
      const refused = codec.encodeInto({ a: 1n, b: 2n }, new Uint8Array(12), 0)
      expect(refusedAs(refused, 'NoSpace', 8, ['fixed']).grammar).to.equal('Outer')
    }
  })
})

describe('the message limit, when writing', () => {
  it('counts the bytes of a text, and names the part that exceeds it', () => {
    const texts = [...['a', 'b', 'c'].map((letter) => letter.repeat(1000)), 'é'.repeat(400)]
    const exactly = 8 + 3 * 1008 + 808
    for (const evaluate of [true, false]) {
      const limited = (message: number) => compile(listOf(utf8), {}, { evaluate, limits: { message } })
      expect(rightOf(limited(exactly).encode(texts)).length).to.equal(exactly)
      const target = new Uint8Array(exactly)
      expect(rightOf(limited(exactly).encodeInto(texts, target, 0))).to.equal(exactly)
      const issue = refusedAs(limited(exactly - 8).encode(texts), 'LimitExceeded', 8 + 3 * 1008, [3])
      expect(issue).to.include({ limit: 'message', maximum: exactly - 8, grammar: 'utf8' })
      expect(issue.actual).to.include(String(exactly))
      expect(limited(exactly - 8).encodeInto(texts, new Uint8Array(2 * exactly), 0)).to.deep.equal(
        left(issue),
      )
    }
  })
})
