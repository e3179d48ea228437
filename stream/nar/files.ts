// The functions that read and write files, for which they need Node.
export { pack } from './pack.js'
export { type TreeOptions, treeEvents } from './tree-events.js'
export { TreeFailure } from './tree-failure.js'
export { type UnpackOptions, unpack } from './unpack.js'
