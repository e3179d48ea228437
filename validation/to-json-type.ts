import { isLeft, isRight, left, mapLeft } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import { type Grammar, grammarFor, nodeName } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { protocolFor } from '../combinators/protocol-for.js'
import { fromJson, type Json, toJson, toJsonSchema } from '../interpreters/json/index.js'
import { plainJson } from '../interpreters/json/plain-json.js'
import { GrammarType } from './grammar-type.js'

const draft = 'draft-2020-12'

/**
 * A grammar as an io-ts codec between its JSON form and its values, and as a Standard Schema with the JSON Schema of
 * `toJsonSchema`.
 *
 * ```ts
 * import { struct, u64, utf8 } from 'nix-wire'
 * import { toJsonType } from 'nix-wire/validation'
 *
 * const Tea = toJsonType(struct('Tea', { name: utf8, grams: u64 }))
 * Tea.decode(JSON.parse('{ "name": "cha", "grams": 7 }')) // => { _tag: 'Right', right: { name: 'cha', grams: 7n } }
 * Tea.encode({ name: 'cha', grams: 7n }) // => { name: 'cha', grams: 7n }
 * ```
 *
 * It decodes what `JSON.parse` and what `parseJson` return. An integer above 2^53, which `JSON.parse` may have
 * rounded, is rejected. Encoded integers are bigints, which `printJson` prints. Only the first issue is reported.
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError or TypeError for
 * an invalid protocol.
 */
export const toJsonType = <A>(grammar: Grammar<A>, given: Partial<Protocol> = {}): GrammarType<A, Json> => {
  const { node } = grammarFor('toJsonType', grammar)
  const agreed = protocolFor('toJsonType', node, given)
  const name = nodeName(node)
  return new GrammarType<A, Json>({
    name,
    read: (input) => {
      const json = plainJson(input, name)
      return isLeft(json)
        ? left([json.left])
        : mapLeft((issue: Issue) => [issue])(fromJson(grammar, agreed, json.right))
    },
    write: (value) => toJson(grammar, agreed, value),
    // Anything but an `A` is an issue.
    is: (value) => isRight(toJson(grammar, agreed, value as A)),
    schema: (target) => (target === draft ? toJsonSchema(grammar, agreed) : undefined),
  })
}
