import { left, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import * as combinators from '../../combinators/index.js'
import * as conversation from '../../conversation/index.js'
import * as grammar from '../../grammar/index.js'
import * as types from '../../types/index.js'

const scope: { readonly [name: string]: unknown } = {
  ...conversation,
  ...combinators,
  left,
  none,
  right,
  some,
  HashAlgorithm: types.HashAlgorithm,
}

/**
 * Evaluates an expression that a page shows, with the combinators, some names of fp-ts, Nix's grammars as G, and the
 * given names in scope.
 */
export const expressionValue = (
  expression: string,
  given: { readonly [name: string]: unknown } = {},
): unknown => {
  const all: { readonly [name: string]: unknown } = { ...scope, ...given }
  const names = Object.keys(all)
  return new Function(...names, 'G', `return (${expression})`)(...names.map((name) => all[name]), grammar)
}
