import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { type Grammar, summarised, type TypeOf } from '../../combinators/node.js'
import { imap } from '../../combinators/structures/imap.js'
import { struct } from '../../combinators/structures/struct.js'
import type * as T from '../../types/index.js'
import { since } from '../../types/nix-gates.js'
import { realisationWithPath } from '../features.js'
import { byProtocol } from '../gated.js'
import { DrvOutputByHash, Realisation } from '../realisation.js'
import { Text } from '../strings.js'
import { total } from '../total.js'
import { Nothing, operation } from './operation.js'

/**
 * A built output, from 1.27 to 1.30: the output, and the base name of its store path. The daemon rejects any other
 * text after reading it.
 */
export interface RealisationByName {
  readonly _tag: 'Name'
  readonly id: T.DrvOutputByHash
  readonly outPath: string
}

/** The realisation in a request of RegisterDrvOutput. The protocol decides which of the cases it is. */
export type RegisteredRealisation = T.Realisation | RealisationByName

const name = 'an output and a base name (below protocol 1.31)'
const record = 'a realisation (protocol 1.31 and above)'

const byName: Grammar<RegisteredRealisation> = imap(
  summarised(
    'an output, and the base name of what it was built to be',
    struct('RealisationByName', { id: DrvOutputByHash, outPath: Text }),
  ),
  (value): Either<string, RegisteredRealisation> => right({ _tag: 'Name', ...value }),
  total(name, (value: RegisteredRealisation) =>
    value._tag === 'Name' ? right({ id: value.id, outPath: value.outPath }) : left(name),
  ),
)

const whole: Grammar<RegisteredRealisation> = imap(
  Realisation,
  (value): Either<string, RegisteredRealisation> => right(value),
  total(record, (value: RegisteredRealisation) => (value._tag === 'Name' ? left(record) : right(value))),
)

const Request = struct('RegisterDrvOutputRequest', {
  realisation: byProtocol<RegisteredRealisation>([[since('1.31'), whole]], byName),
})

/** The request of RegisterDrvOutput. */
export interface RegisterDrvOutputRequest extends TypeOf<typeof Request> {}

const request: Grammar<RegisterDrvOutputRequest> = Request

/**
 * Tells the daemon what an output of a content-addressed derivation was built to be.
 *
 * | protocol | on the wire |
 * | --- | --- |
 * | 1.27 to 1.30 | DrvOutput, base name of the store path |
 * | 1.31 and above | Realisation |
 *
 * Nix 2.35 and above, without the feature `realisation-with-path-not-hash`, answers an error before it has read the
 * request, and then reads it as the next operation: a client must not ask. Versions: 1.27 and above. Source:
 * operations, RegisterDrvOutput, which has full paths below 1.31.
 */
export const RegisterDrvOutput = operation({
  id: 42,
  name: 'RegisterDrvOutput',
  summary: 'registers the store path that an output was built as',
  since: '1.27',
  request,
  reply: Nothing,
  unreadSince: { release: '2.35', unless: realisationWithPath },
  note: 'RealisationByName is a DrvOutput and a base name. Not for Nix 2.35 and above without realisation-with-path-not-hash.',
})
