import { isSome } from 'fp-ts/lib/Option.js'
import { holds, showGate, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import type { AnyOperation, UnreadSince } from '../grammar/operations/operation.js'
import type { DaemonInfo } from './client-handshake.js'
import { unavailable } from './issues.js'

/** Why an operation must not be sent on a connection; null if it may be. */
export const refusedCall = (operation: AnyOperation, agreed: Protocol, daemon: DaemonInfo): Issue | null => {
  const { gate, name, unreadSince } = operation
  if (!holds(gate, agreed)) {
    return unavailable(
      `a connection with ${showGate(gate)}, as ${name} needs it`,
      `protocol version ${agreed.version}${agreed.features.map((feature) => ` + ${feature}`).join('')}`,
    )
  }
  if (unreadSince !== null && !holds(unreadSince.unless, agreed) && mayLoseStep(unreadSince, daemon)) {
    return unavailable(
      `a connection with ${showGate(unreadSince.unless)}, as ${name} needs it since Nix ${unreadSince.release}`,
      'one without it',
    )
  }
  return null
}

/**
 * Whether the daemon would reply with an error before it has read the request, and then read that as operations. Its
 * version, 1.38, is also that of older releases; if it does not send its release, it may be one of them.
 */
const mayLoseStep = ({ release }: UnreadSince, { version, nixVersion }: DaemonInfo): boolean => {
  if (!holds(since('1.38'), { version, features: [] })) {
    return false
  }
  const its = isSome(nixVersion) ? releaseOf(nixVersion.value) : null
  const first = releaseOf(release)
  if (its === null || first === null) {
    return true
  }
  return its.major > first.major || (its.major === first.major && its.minor >= first.minor)
}

const releaseOf = (text: string): { readonly major: number; readonly minor: number } | null => {
  const parts = /^(\d{1,4})\.(\d{1,4})/.exec(text)
  return parts === null ? null : { major: Number(parts[1]), minor: Number(parts[2]) }
}
