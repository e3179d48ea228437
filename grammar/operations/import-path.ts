import { allOf } from '../../combinators/gate.js'
import { before, since } from '../../types/nix-gates.js'
import { operation, UnknownForm } from './operation.js'

/**
 * A first form of ImportPaths, which no version that can be negotiated has. No value has a form here.
 *
 * Versions: below 1.10, up to Nix 0.16. Source: the reference implementation.
 */
export const ImportPath = operation({
  id: 17,
  name: 'ImportPath',
  summary: 'adds one exported path, before ImportPaths',
  status: 'removed',
  since: '1.2',
  until: '0.16',
  gate: allOf(since('1.2'), before('1.10')),
  request: UnknownForm,
  reply: UnknownForm,
})
