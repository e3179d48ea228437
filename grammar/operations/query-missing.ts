import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, named, summarised, type TypeOf } from '../../combinators/node.js'
import { imap } from '../../combinators/structures/imap.js'
import { listOf, setOf } from '../../combinators/structures/sequence.js'
import { struct } from '../../combinators/structures/struct.js'
import { type BuiltPath, isDerivationPath, type OpaquePath } from '../../types/index.js'
import { since } from '../../types/nix-gates.js'
import { DerivedPath } from '../derived-path.js'
import { byProtocol } from '../gated.js'
import { UInt64 } from '../primitives.js'
import { StorePath } from '../store-paths.js'
import { operation } from './operation.js'

const Request = struct('QueryMissingRequest', { paths: listOf(DerivedPath) })

/** The request of QueryMissing. */
export interface QueryMissingRequest extends TypeOf<typeof Request> {}

const request: Grammar<QueryMissingRequest> = Request

const UnknownPath: Grammar<StorePath | BuiltPath> = imap(
  StorePath,
  (path): Either<string, StorePath | BuiltPath> => right(path),
  (target) => (typeof target === 'string' ? right(target) : left('a store path')),
)

/**
 * What Nix 2.3 knows nothing of, as it was asked for it: `drv!a,b` for outputs of a derivation that is not there. A plain
 * path stays one, whatever it ends in.
 */
const UnknownTarget: Grammar<StorePath | BuiltPath> = summarised(
  'a store path or outputs by their names; all outputs of a derivation are its path',
  named(
    'UnknownTarget',
    imap(
      DerivedPath,
      (target): Either<string, StorePath | BuiltPath> => {
        if (target._tag === 'Opaque') {
          return right(target.path)
        }
        const { drvPath, outputs } = target
        return right(outputs._tag === 'All' && drvPath._tag === 'Opaque' ? drvPath.path : target)
      },
      (target) => {
        if (typeof target !== 'string') {
          return target.outputs._tag === 'Names'
            ? right(target)
            : left('a store path, or outputs by their names')
        }
        const path: OpaquePath = { _tag: 'Opaque', path: target }
        return right(
          isDerivationPath(target) ? { _tag: 'Built', drvPath: path, outputs: { _tag: 'All' } } : path,
        )
      },
    ),
  ),
)

const Reply = struct('QueryMissingReply', {
  willBuild: setOf(StorePath),
  willSubstitute: setOf(StorePath),
  unknown: byProtocol<ReadonlyArray<StorePath | BuiltPath>>(
    [[since('1.22'), setOf(UnknownPath)]],
    setOf(UnknownTarget),
  ),
  downloadSize: UInt64,
  narSize: UInt64,
})

/** The reply of QueryMissing. */
export interface QueryMissingReply extends TypeOf<typeof Reply> {}

const reply: Grammar<QueryMissingReply> = Reply

/**
 * Asks what building some paths would take: derivations to build, paths to substitute, and paths that nobody knows
 * how to come by. Both sizes are in bytes and those of what would be substituted.
 *
 * Below 1.22 `unknown` may hold outputs of a derivation too: Nix 2.3 repeats what it was asked.
 *
 * Versions: 1.19 and above. Source: operations, QueryMissing.
 */
export const QueryMissing = operation({
  id: 40,
  name: 'QueryMissing',
  summary: 'what would be built and substituted',
  since: '1.19',
  request,
  reply,
})
