import { left, right } from 'fp-ts/lib/Either.js'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { type Grammar, summarised, type TypeOf } from '../combinators/node.js'
import { imap } from '../combinators/structures/imap.js'
import { struct } from '../combinators/structures/struct.js'
import { since } from '../types/nix-gates.js'
import { OptTrusted } from './enums.js'
import { versioned } from './gated.js'
import { Text } from './strings.js'
import { total } from './total.js'

const anyVersion = 'the version of Nix (protocol 1.33 and above)'

const KnownVersion = imap(
  Text,
  (version) => right<string, Option<string>>(some(version)),
  total(anyVersion, (version: Option<string>) => (isSome(version) ? right(version.value) : left(anyVersion))),
)

const ClientHandshakeInfo_ = struct('ClientHandshakeInfo', {
  daemonNixVersion: versioned(since('1.33'), KnownVersion, none),
  remoteTrustsUs: versioned(since('1.35'), OptTrusted, none),
})

/**
 * The daemon's information about itself, at the end of the handshake: its Nix version, and whether it trusts the
 * client.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { ClientHandshakeInfo } from 'nix-wire/grammar'
 * import { option as O } from 'fp-ts'
 *
 * compile(ClientHandshakeInfo).decode(bytesOf('0600000000000000 322e33352e320000 0100000000000000'))
 * // => { _tag: 'Right', right: { daemonNixVersion: O.some('2.35.2'), remoteTrustsUs: O.some('Trusted') } }
 * compile(ClientHandshakeInfo, { version: '1.30' }).decode(new Uint8Array(0))
 * // => { _tag: 'Right', right: { daemonNixVersion: O.none, remoteTrustsUs: O.none } }
 * ```
 *
 * Versions: all; the version since 1.33, the trust since 1.35. Issues: those of its fields. Source: handshake.
 */
export const ClientHandshakeInfo: Grammar<ClientHandshakeInfo> = summarised(
  "the daemon's information about itself in the handshake",
  ClientHandshakeInfo_,
)
export interface ClientHandshakeInfo extends TypeOf<typeof ClientHandshakeInfo_> {}
