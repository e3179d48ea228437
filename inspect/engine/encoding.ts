import { chain, type Either, isLeft, map, mapLeft } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Issue, showFieldPath } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { ValidPathInfo } from '../../grammar/path-info.js'
import { compile } from '../../interpreters/compile/index.js'
import { fromJson, type Json, parseJson } from '../../interpreters/json/index.js'
import { NarInfo } from '../../store/nar-info.js'
import { showStoreTextIssue } from '../../store/text-issue.js'

/** Bytes, or why there are none. */
export type Bytes = Either<string, Uint8Array>

/** An issue of a value, which has no offset. */
const inWords = ({ _tag, path, expected, actual }: Issue): string =>
  `${_tag}${path.length === 0 ? '' : ` at ${showFieldPath(path)}`}: expected ${expected}, got ${actual}`

const encoded = <A>(grammar: Grammar<A>, given: Partial<Protocol>, value: A): Bytes =>
  // Generating code takes longer than one use.
  mapLeft(inWords)(compile(grammar, given, { evaluate: false }).encode(value))

/** Encodes a JSON text, which may be a part of the message. */
export const fromJsonText = (
  of: AnyGrammar,
  given: Partial<Protocol>,
  text: string,
  around: (json: Json) => Json = (json) => json,
): Bytes => {
  const grammar = of as Grammar<unknown>
  return pipe(
    parseJson(text),
    chain((json) => fromJson(grammar, given, around(json))),
    mapLeft(inWords),
    chain((value) => encoded(grammar, given, value)),
  )
}

/** The message in which a daemon would send the path info of a narinfo. */
export const fromNarInfo = (given: Partial<Protocol>, text: Uint8Array): Bytes => {
  const { storeDir } = given
  const parsed = pipe(
    NarInfo.parse(text, storeDir === undefined ? {} : { storeDir }),
    mapLeft(showStoreTextIssue),
    map(({ path, info }) => ({ path, info })),
  )
  return isLeft(parsed) ? parsed : encoded(ValidPathInfo, given, parsed.right)
}
