import { left, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import * as combinators from '../../combinators/index.js'
import * as grammar from '../../grammar/index.js'
import * as types from '../../types/index.js'

const scope: { readonly [name: string]: unknown } = {
  ...combinators,
  left,
  none,
  right,
  some,
  HashAlgorithm: types.HashAlgorithm,
}

/**
 * Evaluates an expression that a page shows, with the combinators, some names of fp-ts, and Nix's grammars as G in
 * scope.
 */
export const expressionValue = (expression: string): unknown => {
  const names = Object.keys(scope)
  return new Function(...names, 'G', `return (${expression})`)(...names.map((name) => scope[name]), grammar)
}
