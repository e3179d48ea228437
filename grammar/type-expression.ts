import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { didYouMean } from '../bytes/alike.js'
import type { AnyGrammar, Grammar } from '../combinators/node.js'
import { restBytes } from '../combinators/primitives/bytes.js'
import { quoted } from '../combinators/show.js'
import { framed } from '../combinators/structures/framed.js'
import { listOf, mapOf, setOf } from '../combinators/structures/sequence.js'
import { tuple } from '../combinators/structures/struct.js'
import { grammarNamed, grammarsByName } from './inner.js'

/** What is wrong with a type expression, for people. */
type Problem = string

type AnyValue = Grammar<unknown>

const constructors: {
  readonly [name: string]: {
    readonly arity: number | 'any'
    readonly make: (parts: ReadonlyArray<AnyValue>) => AnyGrammar
  }
} = {
  List: { arity: 1, make: ([item]) => listOf(item as AnyValue) },
  Set: { arity: 1, make: ([item]) => setOf(item as AnyValue) },
  Map: { arity: 2, make: ([key, item]) => mapOf(key as AnyValue, item as AnyValue) },
  Tuple: { arity: 'any', make: (parts) => tuple(...parts) },
  Framed: { arity: 1, make: ([content]) => framed(content as AnyValue) },
}

/** Names that only type expressions have: all bytes up to the end, such as a log or a dump in frames. */
const others: ReadonlyMap<string, AnyGrammar> = new Map([['Rest', restBytes]])

/** Deep enough for any real type, and within the limits of the stack. */
const deepest = 500

/** Grammars of another protocol by name. */
type OwnGrammars = ReadonlyMap<string, AnyGrammar>

/** Whether type expressions have this name already. */
export const isTypeName = (name: string): boolean =>
  grammarNamed(name) !== undefined || others.has(name) || Object.hasOwn(constructors, name)

/**
 * The grammar of a type expression: the name of a grammar, or `List<…>`, `Set<…>`, `Map<…,…>`, `Tuple<…,…>`,
 * `Framed<…>` over type expressions. `Rest` is all bytes up to the end: `Framed<Rest>`. `own`: further names.
 */
export const parseTypeExpression = (
  text: string,
  own: OwnGrammars = new Map(),
): Either<Problem, AnyValue> => {
  const tokens = text.match(/[<>,]|[^<>,\s]+/g) ?? []
  let next = 0

  const expression = (depth: number): Either<Problem, AnyValue> => {
    const name = tokens[next++]
    if (name === undefined || /[<>,]/.test(name)) {
      return left(`expected the name of a type, got ${name ?? 'the end'} in ${quoted(text)}`)
    }
    if (depth > deepest) {
      return left(`a type nested more than ${deepest} levels deep`)
    }
    if (Object.hasOwn(constructors, name)) {
      return application(name, depth)
    }
    const found = own.get(name) ?? grammarNamed(name) ?? others.get(name)
    return found === undefined ? left(unknownName(name, own)) : right(found as AnyValue)
  }

  const application = (name: string, depth: number): Either<Problem, AnyValue> => {
    const parts: Array<AnyValue> = []
    for (let mark = tokens[next++]; mark !== '>'; mark = tokens[next++]) {
      if (mark !== (parts.length === 0 ? '<' : ',')) {
        return left(`expected ${usage(name)}, got ${mark ?? 'the end'} in ${quoted(text)}`)
      }
      const part = expression(depth + 1)
      if (isLeft(part)) {
        return part
      }
      parts.push(part.right)
    }
    const { arity, make } = constructors[name] as (typeof constructors)[string]
    if (arity !== 'any' && parts.length !== arity) {
      return left(`expected ${usage(name)}, got ${parts.length} types in ${quoted(text)}`)
    }
    return construct(make, parts)
  }

  const whole = expression(0)
  return isLeft(whole) || next === tokens.length
    ? whole
    : left(`expected the end of the type, got ${tokens[next]} in ${quoted(text)}`)
}

const construct = (
  make: (parts: ReadonlyArray<AnyValue>) => AnyGrammar,
  parts: ReadonlyArray<AnyValue>,
): Either<Problem, AnyValue> => {
  try {
    return right(make(parts) as AnyValue)
  } catch (error) {
    return left(error instanceof TypeError ? error.message : String(error))
  }
}

const usage = (name: string): string =>
  ({ List: 'List<TYPE>', Set: 'Set<TYPE>', Map: 'Map<KEY,VALUE>', Framed: 'Framed<TYPE>' })[name] ??
  'Tuple<TYPE,…>'

const unknownName = (name: string, own: OwnGrammars): string => {
  const known = [...own.keys(), ...grammarsByName().keys(), ...others.keys(), ...Object.keys(constructors)]
  return `there is no type ${quoted(name)}${didYouMean(name, known)}`
}
