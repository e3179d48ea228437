import type { Protocol } from '../../combinators/protocol.js'
import type { Taker } from '../../combinators/protocol-for.js'
import { expectProtocol } from '../../conversation/checks/protocol.js'
import type { OwnConversation } from '../../session/own/own-protocol.js'
import { Failure } from '../failure.js'
import { showReason } from '../nar/show.js'

/** @throws Failure for a conversation that depends on a part of the protocol that is neither given nor agreed on. */
export const expectHeld = (
  { flow }: OwnConversation,
  protocol: Partial<Protocol>,
  form: Taker['form'],
): void => {
  try {
    expectProtocol({ of: 'the command', form }, flow.node, protocol)
  } catch (error) {
    throw new Failure(2, showReason(error))
  }
}
