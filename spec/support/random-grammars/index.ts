import { u8 } from '../../../combinators/index.js'
import type { Draw } from './draw.js'
import { leaves, leavesToEnd } from './leaves.js'
import type { Recipe } from './recipe.js'
import { selfAt } from './structures.js'
import { leaf, type Where } from './word.js'
import { asking, compound, compoundToEnd } from './words.js'

export { Draw } from './draw.js'

/** Replacements for any part of a recipe, to make it smaller. */
export const plainest: Recipe = leaf('u8', () => u8)

const recipeAt = (draw: Draw, where: Where): Recipe => {
  if (where.mayRecur && draw.below(5) === 0) {
    return selfAt(draw.below(where.levels))
  }
  const toEnd = where.mayReachEnd && draw.below(3) === 0
  const part = (place: Where): Recipe => recipeAt(draw, place)
  if (where.depth <= 0 || draw.below(5) === 0) {
    return draw.one(toEnd ? leavesToEnd : leaves)(draw, where, part)
  }
  const asks = where.mayAsk && draw.below(8) === 0
  return draw.one(toEnd ? compoundToEnd : asks ? asking : compound)(draw, where, part)
}

/** A grammar of random combinators, which may not fit together. */
export const randomRecipe = (draw: Draw): Recipe =>
  recipeAt(draw, { depth: 4, levels: 0, mayRecur: false, mayReachEnd: true, mayAsk: true })
