import { Bool } from '../integers.js'
import { byPath, operation } from './operation.js'

/**
 * Asks whether a store path is valid: complete, and registered in the store.
 *
 * Versions: all. A path that is none ends the connection since Nix 2.4. Source: operations, IsValidPath.
 */
export const IsValidPath = operation({
  id: 1,
  name: 'IsValidPath',
  summary: 'whether a path is in the store',
  since: '1.2',
  request: byPath('IsValidPath'),
  reply: Bool,
})
