import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { holds, since } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { AddToStoreReply } from '../../grammar/operations/add-to-store.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { StorePath } from '../../types/index.js'
import { RemoteError } from '../failure.js'

/**
 * A path info reduced to what a protocol can carry: below 1.16 without signatures, content address and `ultimate`. An
 * encoder would reject the whole info instead of dropping these fields.
 */
export const infoUnder = (protocol: Protocol, info: UnkeyedValidPathInfo): UnkeyedValidPathInfo =>
  holds(since('1.16'), protocol) ? info : { ...info, ultimate: false, signatures: [], ca: none }

/**
 * The reply of QueryPathInfo. `info` is null for a path that is not valid: the reply is then none, or below 1.17 an
 * error, which clients recognise by its text.
 *
 * @throws RemoteError instead of none, below 1.17.
 */
export const pathInfoReply = (
  protocol: Protocol,
  path: StorePath,
  info: UnkeyedValidPathInfo | null,
): Option<UnkeyedValidPathInfo> => {
  if (info !== null) {
    return some(infoUnder(protocol, info))
  }
  if (holds(since('1.17'), protocol)) {
    return none
  }
  throw new RemoteError(`path '${path}' is not valid`)
}

/** The reply of AddToStore: below 1.25 only the path. */
export const addedReply = (protocol: Protocol, { path, info }: ValidPathInfo): AddToStoreReply => ({
  path,
  info: holds(since('1.25'), protocol) ? some(info) : none,
})
