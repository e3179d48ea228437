import type { Grammar, TypeOf } from '../../combinators/node.js'
import { struct } from '../../combinators/structures/struct.js'
import { since } from '../../types/nix-gates.js'
import { Bool64 } from '../integers.js'
import { ValidPathInfo } from '../path-info.js'
import { Nothing, operation } from './operation.js'

const Request = struct('AddToStoreNarRequest', { info: ValidPathInfo, repair: Bool64, dontCheckSigs: Bool64 })

/** The request of AddToStoreNar. */
export interface AddToStoreNarRequest extends TypeOf<typeof Request> {}

const request: Grammar<AddToStoreNarRequest> = Request

/**
 * Adds a path whose info and NAR are known.
 *
 * The NAR comes in frames since 1.23, is pulled with `Read` messages in 1.21 and 1.22, and stood behind the request as it
 * is below. Clients of 1.17 and below use ImportPaths instead.
 *
 * Versions: 1.17 and above. Source: operations, AddToStoreNar.
 */
export const AddToStoreNar = operation({
  id: 39,
  name: 'AddToStoreNar',
  summary: 'adds a path with its info and its NAR',
  since: '1.17',
  request,
  reply: Nothing,
  streams: [
    { gate: since('1.23'), direction: 'upload', way: 'framed', content: 'Nar' },
    { gate: since('1.21'), direction: 'upload', way: 'pulled', content: 'Nar' },
    { gate: since('1.17'), direction: 'upload', way: 'raw', content: 'Nar' },
  ],
  trust: 'restricted',
  note: '`dontCheckSigs` and `ultimate` of untrusted clients are ignored.',
})
