import { allOf } from '../../combinators/gate.js'
import { before, since } from '../../types/nix-gates.js'
import { operation, UnknownForm } from './operation.js'

/**
 * A first form of CollectGarbage, which no version that can be negotiated has. No value has a form here.
 *
 * Versions: below 1.4, up to Nix 0.11. Source: the reference implementation.
 */
export const OldCollectGarbage = operation({
  id: 15,
  name: 'OldCollectGarbage',
  summary: 'collects garbage, before CollectGarbage',
  status: 'removed',
  since: '1.2',
  until: '0.11',
  gate: allOf(since('1.2'), before('1.4')),
  request: UnknownForm,
  reply: UnknownForm,
})
