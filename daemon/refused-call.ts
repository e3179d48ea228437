import { isSome } from 'fp-ts/lib/Option.js'
import { holds, showGate, since } from '../combinators/gate.js'
import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { realisationWithPath } from '../grammar/features.js'
import type { AnyOperation } from '../grammar/operations/operation.js'
import type { DaemonInfo } from './client-handshake.js'
import { unavailable } from './issues.js'

/** Why an operation must not be sent on a connection; null where it may be. */
export const refusedCall = (operation: AnyOperation, agreed: Protocol, daemon: DaemonInfo): Issue | null => {
  const { gate, name, id } = operation
  if (!holds(gate, agreed)) {
    return unavailable(
      `a connection with ${showGate(gate)}, as ${name} needs it`,
      `protocol version ${agreed.version}${agreed.features.map((feature) => ` + ${feature}`).join('')}`,
    )
  }
  if (realisationOperations.has(id) && !holds(realisationWithPath, agreed) && mayLoseStep(daemon)) {
    return unavailable(
      `a connection with ${showGate(realisationWithPath)}, as ${name} needs it since Nix 2.35`,
      'one without it',
    )
  }
  return null
}

/** RegisterDrvOutput and QueryRealisation. */
const realisationOperations: ReadonlySet<number> = new Set([42, 43])

/**
 * Whether the daemon would answer an error before it has read the request, and read that as operations: Nix 2.35 and
 * above. Its number, 1.38, is that of older releases too; where it does not tell its release, it may be one of them.
 */
const mayLoseStep = ({ version, nixVersion }: DaemonInfo): boolean => {
  if (!holds(since('1.38'), { version, features: [] })) {
    return false
  }
  const parts = isSome(nixVersion) ? /^(\d{1,4})\.(\d{1,4})/.exec(nixVersion.value) : null
  if (parts === null) {
    return true
  }
  const [major, minor] = [Number(parts[1]), Number(parts[2])]
  return major > 2 || (major === 2 && minor >= 35)
}
