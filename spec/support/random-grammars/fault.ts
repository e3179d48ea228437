import fc from 'fast-check'
import { compile } from '../../../interpreters/index.js'
import { checkLaws, type LawOptions } from '../../../laws/index.js'
import { Draw } from './draw.js'
import { madeFrom, type Recipe, smaller, type Untyped } from './recipe.js'
import { useEverywhere } from './uses.js'
import { features, versions } from './word.js'

const storeDir = '/nix/store'

/** Errors of the language itself, which mean that a case was not considered. */
const untold = /undefined|not a function|not iterable|Cannot |circular|recursion|call stack/

const mistake = (error: unknown): string | null => {
  const said = error instanceof TypeError || error instanceof RangeError ? error.message : String(error)
  return said === '' || untold.test(said) ? `it throws "${said}" when it is built` : null
}

/** The grammar; null if its combinators do not fit together, which an error must say clearly. */
const grammarFrom = (recipe: Recipe): Untyped | null => {
  try {
    const grammar = madeFrom(recipe)
    compile(grammar, { version: '1.3', features: [], storeDir })
    return grammar
  } catch (error) {
    const fault = mistake(error)
    if (fault !== null) {
      throw new Error(fault)
    }
    return null
  }
}

export interface Trying {
  readonly seed: number
  /** The number of values for each law, and for each use. */
  readonly runs: number
  /** A grammar that obeys the laws, or does not. */
  readonly subject?: LawOptions<unknown>['subject']
}

/**
 * Checks the laws of a grammar, and uses it in every way, under two protocols; false if there is no such grammar.
 */
export const tryGrammar = async (recipe: Recipe, { seed, runs, subject }: Trying): Promise<boolean> => {
  const grammar = grammarFrom(recipe)
  if (grammar === null) {
    return false
  }
  const draw = new Draw(seed)
  for (const version of draw.some(versions, 2, 2)) {
    const given = { version, features: draw.some(features, 0, 2), storeDir }
    const [failure] = await checkLaws(grammar, {
      versions: [version],
      features: [given.features],
      storeDir,
      seed,
      runs,
      items: 3,
      ...(subject === undefined ? {} : { subject }),
    })
    if (failure !== undefined) {
      const { law, message, counterexample } = failure
      throw new Error(`${law}: ${message}; for ${fc.stringify(counterexample)} at ${JSON.stringify(given)}`)
    }
    useEverywhere(grammar, given, { seed, runs })
  }
  return true
}

/** The smallest recipe found by leaving out parts that still fails. */
export const shrunk = async (
  recipe: Recipe,
  plainest: Recipe,
  fails: (recipe: Recipe) => Promise<boolean>,
): Promise<Recipe> => {
  for (const less of smaller(recipe, plainest)) {
    if (await fails(less)) {
      return shrunk(less, plainest, fails)
    }
  }
  return recipe
}
