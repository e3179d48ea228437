import { escapedBytes } from '../../bytes/escaped.js'
import { entryNameBytes, entryNameOf } from './names.js'

/** A path: a text, which the system takes fastest, or bytes if a name in it is not UTF-8. */
export type TreePath = string | Buffer

/** A path as a text; bytes that are not UTF-8 are escaped as in the name of an event. */
export const treeTextOf = (path: string | Uint8Array): string =>
  typeof path === 'string' ? path : entryNameOf(path)

/** The path of a text or of bytes. */
export const treePathOf = (path: string | Uint8Array): TreePath => {
  const text = treeTextOf(path)
  const bytes = text.isWellFormed() ? null : escapedBytes(text)
  return bytes === null ? text : Buffer.from(bytes)
}

/** The path of an entry; its name has the form of event names. */
export const pathIn = (directory: TreePath, name: string): TreePath =>
  typeof directory === 'string' && name.isWellFormed()
    ? `${directory}/${name}`
    : Buffer.concat([Buffer.from(directory), slash, entryNameBytes(name)])

const slash = Buffer.from('/')
