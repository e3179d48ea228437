import { Bool } from '../integers.js'
import { byPath, operation } from './operation.js'

/**
 * Asks whether a path can be substituted. Newer clients ask QuerySubstitutablePaths.
 *
 * Versions: all, up to Nix 2.33. Source: operations, HasSubstitutes.
 */
export const HasSubstitutes = operation({
  id: 3,
  name: 'HasSubstitutes',
  summary: 'whether a path can be substituted',
  status: 'removed',
  since: '1.2',
  until: '2.33',
  request: byPath('HasSubstitutes'),
  reply: Bool,
})
