import { expect } from 'chai'
import {
  bytesOf,
  type Grammar,
  lazy,
  limited,
  listOf,
  pure,
  restBytes,
  since,
  struct,
  u8,
  under,
  versioned,
} from '../../combinators/index.js'
import { compile, dissect, fromJson, toJson, toMalformed, toParser } from '../../interpreters/index.js'
import { bothWays } from '../support/both-ways.js'

const given = { version: '1.2' } as const

type Make = (grammar: Grammar<unknown>) => unknown

const first: ReadonlyArray<readonly [name: string, make: Make]> = [
  ['compile', (grammar) => compile(grammar, given)],
  ['toParser', (grammar) => toParser(grammar, given)],
  ['dissect', (grammar) => dissect(grammar, given, new Uint8Array(8))],
  ['toMalformed', (grammar) => toMalformed(grammar, given)],
  ['toJson', (grammar) => toJson(grammar, given, null)],
  ['fromJson', (grammar) => fromJson(grammar, given, null)],
]

const untyped = <A>(grammar: Grammar<A>): Grammar<unknown> => grammar as unknown as Grammar<unknown>

const Note = struct('Note', { kind: u8, text: restBytes })

const mistakes: ReadonlyArray<readonly [what: string, grammar: Grammar<unknown>, says: string]> = [
  ['takes no bytes', untyped(listOf(lazy(() => pure(1)))), '(pure) must take at least one byte: write it'],
  [
    'may take none',
    untyped(struct('A', { rest: lazy(() => restBytes) })),
    '(bytes) must take at least one byte',
  ],
  [
    'takes none under some protocol',
    untyped(struct('A', { a: u8, b: lazy(() => versioned(since('1.2'), u8, 0)) })),
    '(versioned) must take at least one byte',
  ],
  [
    'goes to the end',
    untyped(listOf(lazy(() => Note))),
    '(Note) reads to the end of the message, but something',
  ],
  [
    'goes to the end before another field',
    untyped(struct('A', { a: struct('B', { c: lazy(() => Note) }), d: u8 })),
    '(Note) reads to the end of the message, but something comes after it',
  ],
]

describe('the grammar of lazy', () => {
  for (const [what, grammar, says] of mistakes) {
    for (const [name, make] of first) {
      it(`is rejected at once if it ${what}, by ${name}`, () => {
        expect(() => make(grammar)).to.throw(TypeError, `the grammar of lazy ${says}`)
      })
    }
  }

  it('may be defined after a codec is made, and is rejected when it is needed', () => {
    const wire = bytesOf('0100000000000000 0200000000000000')
    let Later: Grammar<{ readonly kind: number; readonly text: Uint8Array }>
    const early = compile(struct('A', { a: u8, b: lazy(() => Later) }))
    const items = compile(listOf(lazy(() => Later)))
    Later = Note
    expect(early.decode(wire)).to.deep.include({ _tag: 'Right' })
    expect(() => items.decode(wire)).to.throw(TypeError, '(Note) reads to the end of the message')
    let Nothing: Grammar<number>
    const nothing = compile(listOf(lazy(() => Nothing)))
    Nothing = pure(1)
    expect(() => nothing.decode(wire)).to.throw(TypeError, '(pure) must take at least one byte')
  })

  it('may depend on the protocol if that is decided', () => {
    const Newer = under(
      { version: '1.2', features: [] },
      lazy(() => versioned(since('1.2'), u8, 0)),
    )
    bothWays(listOf(Newer), [7], '0100000000000000 0700000000000000')
  })

  it('may be a recursion of structs, also in frames and at their end', () => {
    interface Tree {
      readonly a: number
      readonly below: ReadonlyArray<Tree>
    }
    const Tree: Grammar<Tree> = struct('Tree', { a: u8, below: listOf(lazy(() => Tree)) })
    bothWays(Tree, { a: 1, below: [] }, '0100000000000000 0000000000000000')
  })
})

describe('a rest limited to no bytes', () => {
  it('is still at the end of the message', () => {
    const None = struct('None', { rest: limited(0, restBytes) })
    expect(() => struct('A', { a: None, b: u8 })).to.throw(
      TypeError,
      'the field a of A reads to the end of the message, but the field b comes after it',
    )
    bothWays(struct('A', { b: u8, a: None }), { b: 1, a: { rest: new Uint8Array(0) } }, '0100000000000000')
  })
})
