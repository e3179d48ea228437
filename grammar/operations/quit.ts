import { allOf } from '../../combinators/gate.js'
import { before, since } from '../../types/nix-gates.js'
import { Nothing, noArguments, operation } from './operation.js'

/**
 * Ends the connection. Clients close it instead.
 *
 * Versions: below 1.15, up to Nix 1.7. Source: the reference implementation.
 */
export const Quit = operation({
  id: 0,
  name: 'Quit',
  summary: 'ends the connection',
  status: 'removed',
  since: '1.2',
  until: '1.7',
  gate: allOf(since('1.2'), before('1.15')),
  request: noArguments('Quit'),
  reply: Nothing,
})
