import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { none, type Option } from 'fp-ts/lib/Option.js'
import {
  byProtocol,
  enumOf,
  framed,
  type Grammar,
  isGrammar,
  limited,
  listOf,
  listToEnd,
  literal,
  mapOf,
  openEnumOf,
  optional,
  optionalByTag,
  paddedBytes,
  refine,
  restBytes,
  setOf,
  since,
  struct,
  type TypeOf,
  tagged,
  tuple,
  u8,
  u64,
  until,
  utf8,
  versioned,
} from '../../combinators/index.js'
import * as G from '../../grammar/index.js'
import { compile } from '../../interpreters/index.js'
import type * as T from '../../types/index.js'

/**
 * What the compiler accepts is checked where the project is type-checked; here it only has to run. Each
 * `@ts-expect-error` is an error by itself where the line below it has none.
 */
const onlyTyped = (check: () => void): void => {
  expect(check).to.be.a('function')
}

const Person = struct('Person', { name: utf8, age: u64, magic: literal(u64, 7n) })
type Person = TypeOf<typeof Person>

describe('the types of grammars', () => {
  it('are invariant, since a grammar reads and writes', () => {
    onlyTyped(() => {
      // @ts-expect-error a grammar of texts does not write numbers
      const wide: Grammar<string | number> = utf8
      // @ts-expect-error a grammar of either does not read texts only
      const narrow: Grammar<'a'> = openEnumOf(u8, { a: 1 })
      // @ts-expect-error nor is unknown a way around it
      const unknown: Grammar<unknown> = utf8
      return [wide, narrow, unknown]
    })
    expectTypeOf<Grammar<string>>().not.toExtend<Grammar<string | number>>()
    expectTypeOf<Grammar<string | number>>().not.toExtend<Grammar<string>>()
    expectTypeOf<Grammar<T.StorePath>>().not.toExtend<Grammar<string>>()
  })

  it('require a default of the same type', () => {
    onlyTyped(() => {
      // @ts-expect-error a number is no boolean
      versioned(since('1.16'), G.Bool64, 0)
      // @ts-expect-error a number is no bigint
      versioned(since('1.16'), u64, 0)
      // @ts-expect-error an array of the wrong things
      versioned(since('1.16'), setOf(utf8), [1])
      // @ts-expect-error a text is no branded text
      versioned(since('1.16'), G.StorePath, '/nix/store/x')
      // @ts-expect-error an arm of another type
      byProtocol([[since('1.16'), u64]], utf8)
      // @ts-expect-error a literal of another type
      literal(u64, 7)
      // @ts-expect-error an ignored literal of another type
      literal(utf8, 7n, { ignored: true })
      // @ts-expect-error an option that does not exist
      literal(u64, 7n, { reserved: true })
    })
    expectTypeOf(versioned(since('1.16'), setOf(utf8), [])).toEqualTypeOf<Grammar<ReadonlyArray<string>>>()
    expectTypeOf(versioned(since('1.16'), G.OptStorePath, none)).toEqualTypeOf<Grammar<Option<T.StorePath>>>()
  })

  it('know which fields a value has', () => {
    const codec = compile(Person)
    onlyTyped(() => {
      codec.encode({ name: 'Ada', age: 36n })
      // @ts-expect-error a field is missing
      codec.encode({ name: 'Ada' })
      // @ts-expect-error a field is too many
      codec.encode({ name: 'Ada', age: 36n, height: 1n })
      // @ts-expect-error a constant of the wire is no field of the value
      codec.encode({ name: 'Ada', age: 36n, magic: 7n })
      // @ts-expect-error a field has another type
      codec.encode({ name: 'Ada', age: 36 })
      // @ts-expect-error a field may not be undefined
      codec.encode({ name: 'Ada', age: undefined })
      // @ts-expect-error a value is no array
      codec.encode([])
    })
    expectTypeOf<Person>().toEqualTypeOf<{ readonly name: string; readonly age: bigint }>()
  })

  it('are readonly all the way down', () => {
    onlyTyped(() => {
      const person = {} as Person
      // @ts-expect-error a field is readonly
      person.name = 'Grace'
      const info = {} as G.ValidPathInfo
      // @ts-expect-error a field of a field is readonly
      info.info.narSize = 0n
      // @ts-expect-error a list has no way to grow
      info.info.references.push(info.path)
      const derivation = {} as G.BasicDerivation
      // @ts-expect-error a map has no way to change
      derivation.env.set('a', 'b')
      const pair = {} as TypeOf<typeof Pair>
      // @ts-expect-error nor has a tuple
      pair[0] = 1n
    })
    const Pair = tuple(u64, utf8)
    expectTypeOf<TypeOf<typeof Pair>>().toEqualTypeOf<readonly [bigint, string]>()
  })

  it('distinguish branded texts', () => {
    onlyTyped(() => {
      const path = {} as T.StorePath
      const name = {} as T.OutputName
      // @ts-expect-error a store path is no name of an output
      compile(G.OutputName).encode(path)
      // @ts-expect-error a name of an output is no store path
      compile(G.StorePath).encode(name)
      // @ts-expect-error a text is no store path
      compile(G.StorePath).encode('/nix/store/x')
      // @ts-expect-error a hash of a NAR is no other digest
      compile(G.HashDigest).encode({} as T.NARHash)
      // @ts-expect-error a base name is no full path
      compile(G.StorePath).encode({} as T.BaseStorePath)
    })
    expectTypeOf<T.StorePath>().toExtend<string>()
    expectTypeOf<T.StorePath>().not.toEqualTypeOf<T.BaseStorePath>()
  })

  it('discriminate the cases of a union by its tag', () => {
    const Shape = tagged('is', u8, { Dot: [0, {}], Line: [1, { length: u64 }] })
    type Shape = TypeOf<typeof Shape>
    expectTypeOf<Shape>().toEqualTypeOf<
      { readonly is: 'Dot' } | { readonly is: 'Line'; readonly length: bigint }
    >()
    onlyTyped(() => {
      // @ts-expect-error a case that there is not
      compile(Shape).encode({ is: 'Circle' })
      // @ts-expect-error a field of the case is missing
      compile(Shape).encode({ is: 'Line' })
      // @ts-expect-error a name that there is not
      compile(G.BuildMode).encode('Sideways')
      // @ts-expect-error a closed enumeration has no numbers
      compile(G.BuildMode).encode(1)
    })
    expectTypeOf(enumOf(u8, { A: 0, B: 1 })).toEqualTypeOf<Grammar<'A' | 'B'>>()
    expectTypeOf(openEnumOf(u8, { A: 0 })).toEqualTypeOf<Grammar<number | 'A'>>()
  })

  it('accept only marks, counts and tags of their own types', () => {
    onlyTyped(() => {
      // @ts-expect-error a mark of another type
      until(u64, { next: 1, end: 0 }, utf8)
      // @ts-expect-error a count is a number
      listOf(utf8, { count: u64 })
      // @ts-expect-error a tag is a number
      enumOf(u64, { A: 0 })
      // @ts-expect-error a tag is a number
      optionalByTag(utf8, u64)
      // @ts-expect-error a predicate of another type
      refine(u64, 'text', (text: string) => text === '')
      // @ts-expect-error a constant, as utf8 is
      paddedBytes()
      // @ts-expect-error another item may come after it
      listOf(restBytes)
      // @ts-expect-error another entry may come after it
      mapOf(u8, listToEnd(u8))
      // @ts-expect-error items would have to come to an end
      listToEnd(listToEnd(u8))
      // @ts-expect-error a mark comes after it
      until(u64, { next: 1n, end: 0n }, restBytes)
      // @ts-expect-error a constant, as paddedBytes is
      restBytes()
      // @ts-expect-error a version is major and minor
      since('1')
      // @ts-expect-error a map has a key and a value
      mapOf(u64)
    })
    expectTypeOf(paddedBytes).toEqualTypeOf<Grammar<Uint8Array>>()
    expectTypeOf(limited(4, paddedBytes)).toEqualTypeOf<Grammar<Uint8Array>>()
    expectTypeOf<TypeOf<typeof restBytes>>().toEqualTypeOf<Uint8Array>()
    expectTypeOf(listToEnd(u8)).toExtend<Grammar<ReadonlyArray<number>>>()
    expectTypeOf<TypeOf<ReturnType<typeof listToEnd<'a' | 'b'>>>>().toEqualTypeOf<ReadonlyArray<'a' | 'b'>>()
    expectTypeOf(framed(listToEnd(u8))).toEqualTypeOf<Grammar<ReadonlyArray<number>>>()
    expectTypeOf(listOf(framed(restBytes))).toEqualTypeOf<Grammar<ReadonlyArray<Uint8Array>>>()
    expectTypeOf(optional(G.StorePath)).toEqualTypeOf<Grammar<Option<T.StorePath>>>()
    expect(isGrammar({ node: u64.node })).to.equal(false)
  })

  it('of Nix match the specification', () => {
    expectTypeOf<TypeOf<typeof G.UInt64>>().toEqualTypeOf<bigint>()
    expectTypeOf<TypeOf<typeof G.Int>>().toEqualTypeOf<number>()
    expectTypeOf<TypeOf<typeof G.Bool64>>().toEqualTypeOf<boolean>()
    expectTypeOf<TypeOf<typeof G.Verbosity>>().toExtend<string | number>()
    expectTypeOf<TypeOf<typeof G.BuildMode>>().toEqualTypeOf<'Normal' | 'Repair' | 'Check'>()
    expectTypeOf<TypeOf<typeof G.OptTrusted>>().toEqualTypeOf<Option<'Trusted' | 'NotTrusted'>>()
    expectTypeOf<TypeOf<typeof G.ValidPathInfo>>().toEqualTypeOf<G.ValidPathInfo>()
    expectTypeOf<G.UnkeyedValidPathInfo['narSize']>().toEqualTypeOf<bigint>()
    expectTypeOf<G.UnkeyedValidPathInfo['references']>().toEqualTypeOf<ReadonlyArray<T.StorePath>>()
    expectTypeOf<G.BasicDerivation['env']>().toEqualTypeOf<ReadonlyMap<string, string>>()
    expectTypeOf<TypeOf<typeof G.DerivedPath>>().toEqualTypeOf<T.DerivedPath>()
  })
})
