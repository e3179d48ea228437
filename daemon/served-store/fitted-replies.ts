import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { holds, since } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import type { AddToStoreReply } from '../../grammar/operations/add-to-store.js'
import type { UnkeyedValidPathInfo, ValidPathInfo } from '../../grammar/path-info.js'
import type { StorePath } from '../../types/index.js'
import { RemoteError } from '../failure.js'

/**
 * What a protocol carries of a path info: below 1.16 no signatures, no content address, and not whether the path was built
 * here. An encoder refuses what it would lose; a store that knows more than an old client may hear says less.
 */
export const infoUnder = (protocol: Protocol, info: UnkeyedValidPathInfo): UnkeyedValidPathInfo =>
  holds(since('1.16'), protocol) ? info : { ...info, ultimate: false, signatures: [], ca: none }

/**
 * The reply of QueryPathInfo. `info` is null for a path that is not valid: that is none, and below 1.17 an error, in whose
 * words clients find out.
 *
 * @throws RemoteError in place of none, below 1.17.
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

/** The reply of AddToStore: below 1.25 no more than the path. */
export const addedReply = (protocol: Protocol, { path, info }: ValidPathInfo): AddToStoreReply => ({
  path,
  info: holds(since('1.25'), protocol) ? some(info) : none,
})
