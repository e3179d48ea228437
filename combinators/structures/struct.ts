import { expectFieldsEnd } from '../ends.js'
import { expectField, expectObject, expectText } from '../expect.js'
import {
  type AnyGrammar,
  type FieldNode,
  type Grammar,
  grammarOf,
  isGrammar,
  nodeName,
  registered,
  type TypeOf,
} from '../node.js'
import type { Literal } from '../primitives/fixed.js'
import type { Refused } from '../refused.js'

/** The fields of a struct, in the order of the wire. */
export type Fields = { readonly [key: string]: AnyGrammar | Literal }

/** A plain readonly object: the fields that are in the value. (A condition, so that editors show the object.) */
export type StructValue<F extends Fields> = F extends unknown
  ? {
      readonly [K in keyof F as F[K] extends Literal ? never : K]: F[K] extends AnyGrammar
        ? TypeOf<F[K]>
        : never
    }
  : never

/** The grammar of a struct, with its fields for reuse in other structs. */
export interface StructGrammar<F extends Fields> extends Grammar<StructValue<F>>, AnyStruct {
  readonly fields: F
}

/** A struct with any fields. */
export interface AnyStruct extends AnyGrammar {
  readonly fields: Fields
}

/**
 * Fields one after another, in the order written here. The value is an object with one property for each field.
 *
 * ```ts
 * import { bytesOf, compile, struct, u64, utf8 } from 'nix-wire'
 *
 * const Person = struct('Person', { name: utf8, age: u64 })
 * compile(Person, {}).decode(bytesOf('0300000000000000 416461 0000000000 2400000000000000'))
 * // => { _tag: 'Right', right: { name: 'Ada', age: 36n } }
 *
 * const Employee = struct('Employee', { id: u64, ...Person.fields, salary: u64 })
 * compile(Employee, {}).encode({ id: 1n, name: '', age: 36n, salary: 2n })
 * // => { _tag: 'Right', right: bytesOf('0100000000000000 0000000000000000 2400000000000000 0200000000000000') }
 * ```
 *
 * `fields` of a struct can be spread into another; {@link pick} takes some of them. The order on the wire is the
 * order of the properties: if a spread field is written again, its grammar is the new one but its place stays the old
 * one.
 *
 * Issues: those of the fields, with the field's name in their path; encoding: `Unrepresentable` for a value that is
 * not an object.
 *
 * @throws TypeError for a key that objects treat in a special way (`7`, `__proto__`), for a field that is not a
 * grammar, and for a field that reads to the end of the message but is not the last.
 */
export const struct = <F extends Fields>(name: string, fields: F): StructGrammar<F> => {
  expectText('the name of a struct', name)
  return registered({
    ...grammarOf<StructValue<F>>({ _tag: 'struct', name, shape: 'record', fields: fieldNodes(name, fields) }),
    fields: Object.freeze({ ...fields }),
  })
}

/** The fields of a struct, as its type shows them. */
export type FieldsOf<X> = X extends { readonly fields: infer F extends Fields } ? F : never

/** A compile-time check of what `pick` takes from. */
export type ShowingFields<X> = X extends { readonly fields: Fields }
  ? unknown
  : Refused<'pick takes from what struct returns: the type of this grammar does not show its fields'>

/**
 * Some fields of a struct, in the order named here.
 *
 * ```ts
 * import { bytesOf, compile, pick, struct, u64, utf8 } from 'nix-wire'
 *
 * const Person = struct('Person', { name: utf8, age: u64, height: u64 })
 * const Short = struct('Short', pick(Person, 'age', 'name'))
 * compile(Short, {}).encode({ name: 'Ada', age: 36n })
 * // => { _tag: 'Right', right: bytesOf('2400000000000000 0300000000000000 416461 0000000000') }
 * ```
 *
 * It takes what `struct` returns. The grammars that `nix-wire/grammar` exports do not show their fields in their types:
 * write the fields that you need again, each with its grammar.
 *
 * @throws TypeError for a field that the struct does not have.
 */
export const pick = <X extends object, const K extends keyof FieldsOf<X> & string>(
  of: X & ShowingFields<X>,
  ...keys: ReadonlyArray<K>
): Pick<FieldsOf<X>, K> => {
  expectObject('what pick takes from', of)
  if (isGrammar(of) && !('fields' in of)) {
    throw new TypeError(`pick takes fields from a struct, but ${nodeName(of.node)} is not one`)
  }
  const { fields = {} } = of as { readonly fields?: Fields }
  expectObject('the fields of what pick takes from', fields)
  const unknown = keys.find((key) => !Object.hasOwn(fields, key))
  if (unknown !== undefined) {
    throw new TypeError(`there is no field ${unknown}, only ${Object.keys(fields).join(', ')}`)
  }
  return Object.fromEntries(keys.map((key) => [key, fields[key]])) as Pick<FieldsOf<X>, K>
}

/** @internal Rejects a key that an object would reorder, or that is special in JavaScript. */
export const checkKey = (key: string): void => {
  if (/^[0-9]+$/.test(key) || key === '__proto__') {
    throw new TypeError(
      `a struct cannot have the key ${key}: objects treat this key in a special way; use another name, or a tuple`,
    )
  }
}

/** Whether an object is a grammar or a literal, or has the properties of one. */
const looksLikeGrammar = ({ node }: { readonly node?: unknown }): boolean =>
  typeof node === 'object' && node !== null && '_tag' in node

/** @internal */
export const fieldNodes = (name: string, fields: Fields): ReadonlyArray<FieldNode> => {
  expectObject(`the fields of ${name}`, fields)
  if (looksLikeGrammar(fields)) {
    throw new TypeError(
      `the fields of ${name} must be an object of grammars, and not a grammar: those of a struct are its fields, as in { ...Point.fields }`,
    )
  }
  if (isGrammar(Object.getPrototypeOf(fields))) {
    // In JavaScript, `{ __proto__: u64 }` sets the prototype.
    checkKey('__proto__')
  }
  const nodes = Object.entries(fields).map(([key, field]) => {
    checkKey(key)
    expectField(`the field ${key} of ${name}`, field)
    return fieldNode(key, field)
  })
  expectFieldsEnd(name, nodes, ({ key }) => `the field ${key}`)
  return nodes
}

const fieldNode = (key: string | number, field: AnyGrammar | Literal): FieldNode =>
  'fixed' in field ? { key, node: field.node, fixed: field.fixed } : { key, node: field.node }

type Items = ReadonlyArray<AnyGrammar | Literal>

/** A readonly tuple of the items, without the constants. */
export type TupleValue<T extends Items> = T extends readonly [infer Head, ...infer Tail extends Items]
  ? Head extends Literal
    ? TupleValue<Tail>
    : Head extends AnyGrammar
      ? readonly [TypeOf<Head>, ...TupleValue<Tail>]
      : never
  : readonly []

/**
 * Values one after another, without a count. The value is an array of fixed length.
 *
 * ```ts
 * import { bool32, bytesOf, compile, tuple, u64 } from 'nix-wire'
 *
 * compile(tuple(u64, bool32), {}).decode(bytesOf('0700000000000000 0100000000000000'))
 * // => { _tag: 'Right', right: [7n, true] }
 * ```
 *
 * Issues: those of the items, with the item's index in their path.
 */
export const tuple = <T extends Items>(...items: T): Grammar<TupleValue<T>> => {
  items.forEach((item, at) => {
    expectField(`the item ${at} of a tuple`, item)
  })
  let index = 0
  const fields = items.map((item) => fieldNode('fixed' in item ? index : index++, item))
  expectFieldsEnd('a tuple', fields, (_, at) => `the item ${at}`)
  return grammarOf<TupleValue<T>>({ _tag: 'struct', name: 'tuple', shape: 'tuple', fields })
}
