import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { isNone, none, type Option } from 'fp-ts/lib/Option.js'
import { entriesOf } from '../../combinators/map-entries.js'
import type { Grammar, TypeOf } from '../../combinators/node.js'
import { imap } from '../../combinators/structures/imap.js'
import { mapOf, setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import type * as T from '../../types/index.js'
import { since } from '../../types/nix-gates.js'
import { OptContentAddress } from '../content-address.js'
import { byProtocol } from '../gated.js'
import { SubstitutablePathInfo } from '../path-info.js'
import { StorePath } from '../store-paths.js'
import { total } from '../total.js'
import { operation } from './operation.js'

type Paths = ReadonlyMap<T.StorePath, Option<T.ContentAddress>>

const bare = 'paths without content addresses (below protocol 1.22)'

const pathsOnly: Grammar<Paths> = imap(
  setOf(StorePath),
  (paths): Either<string, Paths> => right(new Map(paths.map((path) => [path, none]))),
  total(bare, (paths: Paths) => {
    const entries = entriesOf(paths)
    return entries.every(([, info]) => isNone(info)) ? right(entries.map(([path]) => path)) : left(bare)
  }),
)

const Request = struct('QuerySubstitutablePathInfosRequest', {
  paths: byProtocol([[since('1.22'), mapOf(StorePath, OptContentAddress)]], pathsOnly),
})

/** The request of QuerySubstitutablePathInfos. */
export interface QuerySubstitutablePathInfosRequest extends TypeOf<typeof Request> {}

const request: Grammar<QuerySubstitutablePathInfosRequest> = Request

/**
 * Asks what is known of paths that could be substituted. Those of which nothing is known are left out of the reply.
 * With a content address a path can be found in a store of another directory.
 *
 * Versions: 1.12 and above, obsolete; content addresses since 1.22. Source: operations, QuerySubstitutablePathInfos.
 */
export const QuerySubstitutablePathInfos = operation({
  id: 30,
  name: 'QuerySubstitutablePathInfos',
  summary: 'the infos of substituters about some paths',
  status: 'obsolete',
  since: '1.12',
  request,
  reply: mapOf(StorePath, SubstitutablePathInfo),
})
