import { byPath, One, operation } from './operation.js'

/**
 * Protects a path from the garbage collector while the connection lasts.
 *
 * Versions: all. Source: operations, AddTempRoot.
 */
export const AddTempRoot = operation({
  id: 11,
  name: 'AddTempRoot',
  summary: 'keeps a path alive while the connection lasts',
  since: '1.2',
  request: byPath('AddTempRoot'),
  reply: One,
})
