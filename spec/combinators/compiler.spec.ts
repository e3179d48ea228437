import { expect } from 'chai'
import { type Compiled, compiled } from '../support/compiler.js'

const source = `
import { enumOf, flagsOf, i8, intUpTo, limited, listOf, literal, lowBits, optional, optionalByTag, optionalEnumOf, rawBytes, refine, since, struct, tagged, type TypeOf, u8, u64, until, utf8, versioned, withBytes } from './combinators/index.js'
import { compile } from './interpreters/index.js'

const Person = struct('Person', { name: utf8, age: u64, magic: literal(u8, 1) })
const People = struct('People', { all: listOf(Person), first: versioned(since('1.1'), Person, { name: '', age: 0n }) })
export const union = tagged('is', u8, { Person: [0, Person], Word: [1, { word: utf8 }] })
export const rest = tagged('is', u64, { Person: [0, Person] }, { Word: ['code', { word: utf8 }] })
export const flags = flagsOf(u8, { a: 1, b: 2 })
export const codec = compile(People)
export const maybe = optionalByTag(u8, Person)
export const narrowed = refine(utf8, 'yes', (text): text is 'yes' => text === 'yes')
export const kept = withBytes(optionalByTag(u8, Person))
export type People = TypeOf<typeof People>

enumOf(u8, { A: 300 })
enumOf(u8, { A: -1 })
enumOf(u8, { A: 1, B: 1 })
enumOf(utf8, { A: 1 })
tagged('is', u64, { A: [18446744073709551616n, {}] })
tagged('is', u8, { A: ['a', {}] })
tagged('is', u8, { A: [300, {}] }, { B: ['b', {}] })
tagged('is', u8, { A: [0, {}] }, { A: ['b', {}] })
tagged('is', u8, { A: [0, {}] }, { B: ['b', { b: u8 }] })
tagged('is', u8, { A: [0, {}] }, { B: ['b', {}], C: ['c', {}] })
enumOf(i8, { A: 1 })
listOf(utf8, { count: i8 })
listOf(utf8, { count: u8, length: 2 })
optional(u64)
optional(withBytes(utf8))
optional(utf8)
optional(Person)
optionalEnumOf(u8, 0, { None: 1 })
enumOf(u8, {})
flagsOf(u8, { a: 3 })
flagsOf(u8, { 7: 1 })
until(u8, { next: 1, end: 1 }, utf8)
until(u8, { next: 1, end: 256 }, utf8)
rawBytes(-1)
intUpTo(1.5)
lowBits(33)
since('1.256')
tagged('is', u8, { A: [0, { 7: u8 }] })
limited(4, Person)
limited(4, listOf(u8))
`

describe('the TypeScript compiler', () => {
  let types: Compiled['types']
  let says: Compiled['says']

  before(() => {
    ;({ types, says } = compiled(source))
  })

  it('shows values as plain objects, at every level', () => {
    const person = '{ readonly name: string; readonly age: bigint; }'
    const people = `{ readonly all: readonly ${person}[]; readonly first: ${person}; }`
    expect(types).to.deep.equal({
      People: people,
      codec: `Codec<${people}>`,
      flags: 'Grammar<{ readonly a: boolean; readonly b: boolean; }>',
      kept: `Grammar<{ readonly value: Option<${person}>; readonly bytes: Uint8Array<ArrayBufferLike>; }>`,
      maybe: `Grammar<Option<${person}>>`,
      narrowed: 'Grammar<"yes">',
      rest:
        'Grammar<{ readonly is: "Person"; readonly name: string; readonly age: bigint; } | ' +
        '{ readonly is: "Word"; readonly code: bigint; readonly word: string; }>',
      union:
        'Grammar<{ readonly is: "Person"; readonly name: string; readonly age: bigint; } | ' +
        '{ readonly is: "Word"; readonly word: string; }>',
    })
  })

  it('says why a tag does not fit', () => {
    says('enumOf(u8, { A: 300 })', 'at most 255')
    says('enumOf(u8, { A: -1 })', 'a tag is an integer of at least 0')
    says('enumOf(u8, { A: 1, B: 1 })', 'another case has this tag')
    says('enumOf(utf8, { A: 1 })', 'the tag is a text, and so is that of each case')
    says("tagged('is', u64, { A: [18446744073709551616n, {}] })", 'at most 18446744073709551615')
    says("tagged('is', u8, { A: ['a', {}] })", 'the tag is an integer, and so is that of each case')
    says("tagged('is', u8, { A: [300, {}] }, { B: ['b', {}] })", 'at most 255')
  })

  it('says what is wrong with the case for every other tag', () => {
    says("tagged('is', u8, { A: [0, {}] }, { A: ['b', {}] })", 'a case has this name')
    says("tagged('is', u8, { A: [0, {}] }, { B: ['b', { b: u8 }] })", 'the tag or a field has this name')
    says("tagged('is', u8, { A: [0, {}] }, { B: ['b', {}], C: ['c', {}] })", 'one name for all other tags')
  })

  it('says why a number, a name or a mark does not fit', () => {
    says('optionalEnumOf(u8, 0, { None: 1 })', 'None is the absent one')
    says('enumOf(u8, {})', 'at least one case')
    says('flagsOf(u8, { a: 3 })', 'one bit: 1, 2, 4, 8 …')
    says('flagsOf(u8, { 7: 1 })', 'an object does not keep this key as it is')
    says('until(u8, { next: 1, end: 1 }, utf8)', 'two different marks')
    says('until(u8, { next: 1, end: 256 }, utf8)', 'at most 255')
    says('rawBytes(-1)', 'an integer of at least 0')
    says('intUpTo(1.5)', 'an integer of at least 0')
    says('lowBits(33)', 'at most 32')
    says("since('1.256')", 'two numbers from 0 to 255, such as 1.2')
    says("tagged('is', u8, { A: [0, { 7: u8 }] })", 'an object does not keep this key as it is')
  })

  it('rejects arguments of the wrong type', () => {
    says('enumOf(i8, { A: 1 })', 'IntGrammar<number')
    says('listOf(utf8, { count: i8 })', 'IntGrammar<number')
    says('listOf(utf8, { count: u8, length: 2 })', "is not assignable to type 'undefined'")
    says('optional(u64)', 'optionalByTag takes what is not a text')
    says('optional(withBytes(utf8))', 'optionalByTag takes what is not a text')
    says('optional(utf8)', 'refine it to a text that is not empty, or use optionalByTag')
    says('optional(Person)', 'optionalByTag takes what is not a text')
    says('limited(4, Person)', 'only a text or padded bytes can be limited')
    says('limited(4, listOf(u8))', 'only a text or padded bytes can be limited')
  })
})
