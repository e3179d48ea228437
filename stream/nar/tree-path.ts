import { entryNameBytes, entryNameOf } from './names.js'

/** A path: a text, which the system takes fastest, or bytes where a name in it is not UTF-8. */
export type TreePath = string | Buffer

export const treePathOf = (path: string | Uint8Array): TreePath => {
  const text = typeof path === 'string' ? path : entryNameOf(path)
  return typeof path === 'string' || text.isWellFormed() ? text : Buffer.from(path)
}

/** The path of an entry; its name is that of the events. */
export const pathIn = (directory: TreePath, name: string): TreePath =>
  typeof directory === 'string' && name.isWellFormed()
    ? `${directory}/${name}`
    : Buffer.concat([Buffer.from(directory), slash, entryNameBytes(name)])

const slash = Buffer.from('/')
