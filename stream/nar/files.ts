// What reads and writes files, and needs Node for that.
export { pack } from './pack.js'
export { type TreeOptions, treeEvents } from './tree-events.js'
export { TreeFailure } from './tree-failure.js'
export { type UnpackOptions, unpack } from './unpack.js'
