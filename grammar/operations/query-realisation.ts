import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isNone, map, none, type Option, some } from 'fp-ts/lib/Option.js'
import { type Grammar, named, type TypeOf } from '../../combinators/node.js'
import { imap } from '../../combinators/structures/imap.js'
import { optionalByTag } from '../../combinators/structures/optional.js'
import { setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import type * as T from '../../types/index.js'
import { since } from '../../types/nix-gates.js'
import { realisationWithPath } from '../features.js'
import { byProtocol } from '../gated.js'
import { UInt8 } from '../integers.js'
import { DrvOutput, RealisationByHash, UnkeyedRealisation } from '../realisation.js'
import { StorePath } from '../store-paths.js'
import { total } from '../total.js'
import { operation } from './operation.js'

/**
 * The reply of QueryRealisation: the store path that an output was built as. The protocol decides which of the cases
 * it is.
 */
export type FoundRealisation =
  /** With the feature `realisation-with-path-not-hash`. */
  | ({ readonly _tag: 'Path' } & UnkeyedRealisation)
  /** Since 1.31, without the feature. */
  | T.RealisationByHash
  /** From 1.27 to 1.30. */
  | { readonly _tag: 'OutPath'; readonly outPath: T.StorePath }

type Found = Option<FoundRealisation>

const maybe = 'a realisation, or none'

const byPath: Grammar<Found> = imap(
  optionalByTag(UInt8, UnkeyedRealisation),
  (found): Either<string, Found> =>
    right(
      map((realisation: UnkeyedRealisation): FoundRealisation => ({ _tag: 'Path', ...realisation }))(found),
    ),
  total(maybe, (found: Found) => {
    if (isNone(found)) {
      return right<string, Option<UnkeyedRealisation>>(none)
    }
    const realisation = found.value
    return realisation._tag === 'Path'
      ? right(some({ outPath: realisation.outPath, signatures: realisation.signatures }))
      : left('a realisation by path (feature realisation-with-path-not-hash)')
  }),
)

/** A set of at most one item; if there are more, the first counts. */
const atMostOne = <A>(
  item: Grammar<A>,
  from: (item: A) => FoundRealisation,
  to: (found: FoundRealisation) => Either<string, A>,
): Grammar<Found> =>
  imap(
    setOf(item),
    ([first]): Either<string, Found> => right(first === undefined ? none : some(from(first))),
    total(maybe, (found: Found) => {
      if (isNone(found)) {
        return right<string, ReadonlyArray<A>>([])
      }
      const one = to(found.value)
      return one._tag === 'Left' ? one : right([one.right])
    }),
  )

const byHash = atMostOne(
  RealisationByHash,
  (realisation) => realisation,
  (found) => (found._tag === 'Hash' ? right(found) : left('a realisation by hash (protocol 1.31 and above)')),
)

const pathOnly = atMostOne(
  StorePath,
  (outPath) => ({ _tag: 'OutPath', outPath }),
  (found) => (found._tag === 'OutPath' ? right(found.outPath) : left('only a path (below protocol 1.31)')),
)

const Request = struct('QueryRealisationRequest', { output: DrvOutput })

/** The request of QueryRealisation. */
export interface QueryRealisationRequest extends TypeOf<typeof Request> {}

const request: Grammar<QueryRealisationRequest> = Request

/**
 * Asks what an output of a content-addressed derivation was built to be.
 *
 * | protocol | request | reply |
 * | --- | --- | --- |
 * | 1.27 to 1.30 | DrvOutput by hash | set of store paths, at most one |
 * | 1.31 and above | DrvOutput by hash | set of realisations in JSON, at most one |
 * | feature `realisation-with-path-not-hash` | DrvOutput by path | 0, or 1 and UnkeyedRealisation |
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { operations } from 'nix-wire/grammar'
 *
 * compile(operations.QueryRealisation.reply).decode(bytesOf('0000000000000000'))
 * // => { _tag: 'Right', right: { _tag: 'None' } }
 * ```
 *
 * Nix 2.35 and above, without the feature, answers an error before it has read the request: a client must not ask.
 * Versions: 1.27 and above. Source: operations, QueryRealisation, which has the first two forms.
 */
export const QueryRealisation = operation({
  id: 43,
  name: 'QueryRealisation',
  summary: 'the store path that an output was built as',
  since: '1.27',
  request,
  reply: named(
    'QueryRealisationReply',
    byProtocol<Found>(
      [
        [realisationWithPath, byPath],
        [since('1.31'), byHash],
      ],
      pathOnly,
    ),
  ),
  unreadSince: { release: '2.35', unless: realisationWithPath },
  note: 'Not for Nix 2.35 and above without realisation-with-path-not-hash.',
})
