import type { Protocol } from '../combinators/protocol.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import { nixProtocol } from '../types/nix-protocol.js'

const known = new WeakMap<Plans, Protocol>()

/** The protocol for the grammars of Nix. */
export const agreedOf = (plans: Plans): Protocol => {
  const agreed = known.get(plans) ?? nixProtocol(plans.protocol)
  known.set(plans, agreed)
  return agreed
}
