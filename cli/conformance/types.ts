import { isLeft } from 'fp-ts/lib/Either.js'
import type { Grammar } from '../../combinators/node.js'
import { sections } from '../../grammar/sections.js'
import { serveSections } from '../../grammar/serve/sections.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import type { VectorValues } from '../../vectors/make.js'
import { type ModuleOptions, type Own, ownOf } from '../modules/own.js'
import { grammarAmong } from '../protocol-options.js'

/** A type that vectors are made for. */
export interface NamedType {
  readonly name: string
  readonly grammar: Grammar<unknown>
  /** Those that modules give. */
  readonly values: ReadonlyArray<VectorValues>
}

/** So many values are taken of each arbitrary. */
const valuesTaken = 12

/** The values that modules give for their grammars, always the same ones. */
const valuesOf = async ({ given }: Own): Promise<ReadonlyArray<VectorValues>> => {
  if (given.length === 0) {
    return []
  }
  const { default: fc } = await import('fast-check')
  return given.map(({ grammar, values }) => ({
    grammar,
    values: (protocol) => fc.sample(values(protocol), { seed: 1, numRuns: valuesTaken }),
  }))
}

/** Types by name; without names, those of the modules, or otherwise all of the package. */
export const typesOf = async (
  names: ReadonlyArray<string>,
  options: ModuleOptions,
): Promise<ReadonlyArray<NamedType>> => {
  const own = await ownOf(options)
  const all =
    own.protocols.length > 0
      ? [...own.types.keys()]
      : [...sections, ...serveSections].flatMap(({ grammars }) => grammars.map(([name]) => name))
  const values = await valuesOf(own)
  return (names.length === 0 ? all : names).map((name) => ({
    name,
    grammar: grammarAmong(name, own),
    values,
  }))
}

/** The available types that a program names; all if it names none. */
export const knownTypes = async (
  names: ReadonlyArray<string>,
  options: ModuleOptions,
): Promise<{ readonly types: ReadonlyArray<NamedType>; readonly unknown: ReadonlyArray<string> }> => {
  if (names.length === 0) {
    return { types: await typesOf([], options), unknown: [] }
  }
  const own = await ownOf(options)
  const values = await valuesOf(own)
  const found = [...new Set(names)].map((name) => ({ name, grammar: parseTypeExpression(name, own.types) }))
  return {
    types: found.flatMap(({ name, grammar }) =>
      isLeft(grammar) ? [] : [{ name, grammar: grammar.right, values }],
    ),
    unknown: found.flatMap(({ name, grammar }) => (isLeft(grammar) ? [name] : [])),
  }
}
