import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import {
  compile,
  defaults,
  type Grammar,
  literal,
  named,
  pick,
  since,
  struct,
  summarised,
  type TypeOf,
  tagged,
  u8,
  u64,
  utf8,
  versioned,
} from '../../index.js'
import { describeLaws } from '../../laws/index.js'
import { bothWays, unwritable } from '../support/both-ways.js'

const Age = defaults({ version: '1.2' }, versioned(since('1.2'), u8, 0))
const Person = struct('Person', { magic: literal(u8, 9), name: utf8, age: Age })
const [magic, ada, age] = ['0900000000000000', '0300000000000000 4164610000000000', '2400000000000000']

const Employee = struct('Employee', { id: u64, ...Person.fields, salary: u64 })
const Short = struct('Short', pick(Person, 'age', 'name'))

describe('the fields of a struct', () => {
  it('can be spread into another, before and after its own fields', () => {
    bothWays(
      Employee,
      { id: 7n, name: 'Ada', age: 36, salary: 1n },
      `0700000000000000 ${magic} ${ada} ${age} 0100000000000000`,
    )
    expectTypeOf<TypeOf<typeof Employee>>().toEqualTypeOf<{
      readonly id: bigint
      readonly name: string
      readonly age: number
      readonly salary: bigint
    }>()
  })

  it('can be picked, in the order in which they are named', () => {
    bothWays(Short, { age: 36, name: 'Ada' }, `${age} ${ada}`)
    bothWays(struct('Other', pick(Person, 'name', 'magic')), { name: 'Ada' }, `${ada} ${magic}`)
    expectTypeOf<TypeOf<typeof Short>>().toEqualTypeOf<{ readonly age: number; readonly name: string }>()
    const pickOther = () =>
      // @ts-expect-error there is no such field
      pick(Person, 'height')
    const pickNone = () =>
      // @ts-expect-error pick takes from what struct returns: the type of this grammar does not show its fields
      pick(Person as Grammar<TypeOf<typeof Person>>, 'name')
    expect(pickNone()).to.deep.equal(pick(Person, 'name'))
    expect(pickOther).to.throw(TypeError, 'there is no field height, only magic, name, age')
  })

  it('keep their place if a field of the same name follows', () => {
    const Wide = struct('Wide', { ...Person.fields, name: u64 })
    bothWays(Wide, { name: 3n, age: 36 }, `${magic} 0300000000000000 ${age}`)
    expectTypeOf<TypeOf<typeof Wide>>().toEqualTypeOf<{ readonly name: bigint; readonly age: number }>()
  })

  it('are still there if the struct gets another name', () => {
    const Renamed = summarised('somebody', named('Somebody', Person))
    expect(Object.keys(Renamed.fields)).to.deep.equal(['magic', 'name', 'age'])
    expect(Renamed.node).to.include({ name: 'Somebody', summary: 'somebody' })
  })

  it('cannot be changed', () => {
    expect(() => Object.assign(Person.fields, { more: u8 })).to.throw(TypeError)
  })

  describeLaws(struct('Structs', { employee: Employee, short: Short }), { versions: ['1.1', '1.2'] })
})

describe('a case that is a struct', () => {
  const Reply = tagged('kind', u8, { Nothing: [0, {}], Person: [1, Person], Short: [2, Short] })

  it('has its fields beside the tag', () => {
    bothWays(Reply, { kind: 'Nothing' }, '0000000000000000')
    bothWays(Reply, { kind: 'Person', name: 'Ada', age: 36 }, `0100000000000000 ${magic} ${ada} ${age}`)
    expectTypeOf<TypeOf<typeof Reply>>().toEqualTypeOf<
      | { readonly kind: 'Nothing' }
      | { readonly kind: 'Person'; readonly name: string; readonly age: number }
      | { readonly kind: 'Short'; readonly age: number; readonly name: string }
    >()
    expect(unwritable(Reply, { kind: 'Person', person: { name: 'Ada', age: 36 } })).to.equal(
      'Unrepresentable',
    )
  })

  it('may not have a field with the name of the tag', () => {
    const build = () =>
      // @ts-expect-error the struct has a field of that name
      tagged('name', u8, { Person: [1, Person] })
    expect(build).to.throw(TypeError, 'cannot have a field name')
  })

  it('says what to write for a grammar that is not a struct', () => {
    const build = () =>
      // @ts-expect-error a text is not a struct
      tagged('kind', u8, { Word: [0, utf8] })
    expect(build).to.throw(TypeError, 'give it a field, such as { value: utf8 }')
  })

  it('follows the protocol', () => {
    const value = { kind: 'Person', name: 'Ada', age: 0 } as const
    const { encode } = compile(Reply, { version: '1.1' })
    const written = encode(value)
    expect(written._tag === 'Right' && written.right.length).to.equal(32)
  })

  describeLaws(Reply, { versions: ['1.1', '1.2'] })
})
