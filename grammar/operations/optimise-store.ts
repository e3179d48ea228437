import { noArguments, One, operation } from './operation.js'

/**
 * Makes equal files of the store hard links to one another.
 *
 * Versions: 1.14 and above. Source: operations, OptimiseStore.
 */
export const OptimiseStore = operation({
  id: 34,
  name: 'OptimiseStore',
  summary: 'lets equal files share their bytes on disk',
  since: '1.14',
  request: noArguments('OptimiseStore'),
  reply: One,
  connection: 'own',
})
