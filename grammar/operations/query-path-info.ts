import { left, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { type Grammar, named } from '../../combinators/node.js'
import { imap } from '../../combinators/structures/imap.js'
import { optionalByTag } from '../../combinators/structures/optional.js'
import { since } from '../../types/nix-gates.js'
import { byProtocol } from '../gated.js'
import { UnkeyedValidPathInfo } from '../path-info.js'
import { UInt64 } from '../primitives.js'
import { total } from '../total.js'
import { byPath, operation } from './operation.js'

const someInfo = 'a path info (only protocol 1.17 and above allow none)'

/** @internal Below 1.17 there is no tag: the reply is present, or an error comes instead. */
export const certain = <A>(grammar: Grammar<A>): Grammar<Option<A>> =>
  imap(
    grammar,
    (value) => right<string, Option<A>>(some(value)),
    total(someInfo, (value: Option<A>) => (isSome(value) ? right(value.value) : left(someInfo))),
  )

/**
 * Asks what the store knows of a path: none where the path is not valid. Below 1.17 that is an error instead, whose
 * message has the words `is not valid`.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 *
 * compile(operations.QueryPathInfo.reply).decode(bytesOf('0000000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * Versions: all. Source: operations, QueryPathInfo.
 */
export const QueryPathInfo = operation({
  id: 26,
  name: 'QueryPathInfo',
  summary: 'the info of a path',
  since: '1.6',
  request: byPath('QueryPathInfo'),
  reply: named(
    'QueryPathInfoReply',
    byProtocol<Option<UnkeyedValidPathInfo>>(
      [[since('1.17'), optionalByTag(UInt64, UnkeyedValidPathInfo)]],
      certain(UnkeyedValidPathInfo),
    ),
  ),
  errorMeans: { words: 'is not valid', reply: none },
})
