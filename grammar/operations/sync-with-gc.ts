import { noArguments, One, operation } from './operation.js'

/**
 * Waits until a running garbage collection no longer stands in the way of new roots.
 *
 * Versions: all, obsolete. Source: operations, SyncWithGC.
 */
export const SyncWithGC = operation({
  id: 13,
  name: 'SyncWithGC',
  summary: 'waits for the garbage collector',
  status: 'obsolete',
  since: '1.2',
  request: noArguments('SyncWithGC'),
  reply: One,
})
