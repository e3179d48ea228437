import type { AnyGrammar, Grammar } from '../../../combinators/index.js'

export type Untyped = Grammar<unknown>

// A grammar has no type at run time, and a random one has none for the compiler either.
const untyped = (grammar: AnyGrammar): Untyped => grammar as Untyped

/** How a grammar is composed: data, so that it can be printed and made smaller. */
export interface Recipe {
  readonly parts: ReadonlyArray<Recipe>
  /**
   * The grammar from those of its parts; `around` are the recursive grammars around it, the innermost last.
   */
  readonly make: (parts: ReadonlyArray<Untyped>, around: ReadonlyArray<() => Untyped>) => AnyGrammar
  /** The same as code. */
  readonly show: (parts: ReadonlyArray<string>, depth: number) => string
  /** Set if the parts are made inside a recursive grammar. */
  readonly recursive?: true
}

/** @throws TypeError or RangeError if the combinators do not fit together. */
export const madeFrom = (recipe: Recipe, around: ReadonlyArray<() => Untyped> = []): Untyped => {
  if (recipe.recursive !== true) {
    const parts = recipe.parts.map((part) => madeFrom(part, around))
    return untyped(recipe.make(parts, around))
  }
  let made: Untyped | undefined
  const self = (): Untyped => {
    if (made === undefined) {
      throw new TypeError('a recursive grammar was asked for while it was built')
    }
    return made
  }
  const parts = recipe.parts.map((part) => madeFrom(part, [...around, self]))
  made = untyped(recipe.make(parts, around))
  return made
}

/** The recipe as code: names for recursive grammars, combinators for the rest. */
export const shownRecipe = (recipe: Recipe, depth = 0): string => {
  const below = depth + (recipe.recursive === true ? 1 : 0)
  return recipe.show(
    recipe.parts.map((part) => shownRecipe(part, below)),
    depth,
  )
}

const withPart = (recipe: Recipe, at: number, part: Recipe): Recipe => ({
  ...recipe,
  parts: recipe.parts.map((each, i) => (i === at ? part : each)),
})

/** Smaller recipes: a part in place of the whole, the same one level down, or the simplest combinator. */
export function* smaller(recipe: Recipe, plainest: Recipe): Iterable<Recipe> {
  if (recipe.parts.length > 0) {
    yield plainest
  }
  yield* recipe.parts
  for (const [at, part] of recipe.parts.entries()) {
    for (const less of smaller(part, plainest)) {
      yield withPart(recipe, at, less)
    }
  }
}
