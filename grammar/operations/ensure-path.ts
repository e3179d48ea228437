import { byPath, One, operation } from './operation.js'

/**
 * Asks that a path be there: it is substituted where it is not.
 *
 * Versions: all. Source: operations, EnsurePath.
 */
export const EnsurePath = operation({
  id: 10,
  name: 'EnsurePath',
  summary: 'makes a path valid, by substituting it',
  since: '1.2',
  request: byPath('EnsurePath'),
  reply: One,
  connection: 'own',
})
