import { type Either, isLeft, map, mapLeft } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { showIssue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { ValidPathInfo } from '../../grammar/path-info.js'
import { compile } from '../../interpreters/compile/index.js'
import { fromJson, parseJson } from '../../interpreters/json/index.js'
import { NarInfo } from '../../store/nar-info.js'
import { showStoreTextIssue } from '../../store/text-issue.js'

/** Bytes, or why there are none. */
export type Bytes = Either<string, Uint8Array>

const encoded = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: A): Bytes =>
  // Used once: making fast code would take longer.
  mapLeft(showIssue)(compile(grammar, given, { evaluate: false }).encode(value))

/** The message of a JSON view. */
export const fromJsonText = (grammar: AnyGrammar, given: Partial<Protocol>, text: string): Bytes => {
  const json = parseJson(text)
  if (isLeft(json)) {
    return mapLeft(showIssue)(json)
  }
  const known = grammar as Grammar<unknown>
  const value = fromJson(known, given, json.right)
  return isLeft(value) ? mapLeft(showIssue)(value) : encoded(known, given, value.right)
}

/** What a daemon would say of the path of a narinfo. */
export const fromNarInfo = (given: Partial<Protocol>, text: Uint8Array): Bytes => {
  const { storeDir } = given
  const parsed = pipe(
    NarInfo.parse(text, storeDir === undefined ? {} : { storeDir }),
    mapLeft(showStoreTextIssue),
    map(({ path, info }) => ({ path, info })),
  )
  return isLeft(parsed) ? parsed : encoded(ValidPathInfo, given, parsed.right)
}
