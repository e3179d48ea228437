import { encodeEscaped } from '../bytes/escaped.js'
import { paddedSize } from '../bytes/padding.js'
import type { NarNode } from './nar.js'

const words = (...texts: ReadonlyArray<string>): number =>
  texts.reduce((sum, text) => sum + paddedSize(encodeEscaped(text).length), 0)

const magic = words('nix-archive-1')
const node = words('(', 'type', ')')
const entry = words('entry', '(', 'name', 'node', ')')
const regular = words('regular', 'contents')
const executable = words('executable', '')
const symlink = words('symlink', 'target')
const directory = words('directory')

/** The size of the archive of a tree. Without recursion, since a value may have any depth. */
export const narSizeOf = (root: NarNode): number => {
  let size = magic
  const waiting = [root]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    size += node
    switch (next.type) {
      case 'regular':
        size += regular + (next.executable ? executable : 0) + paddedSize(next.contents.length)
        break
      case 'symlink':
        size += symlink + words(next.target)
        break
      case 'directory':
        size += directory
        for (const { name, node: inside } of next.entries) {
          size += entry + words(name)
          waiting.push(inside)
        }
        break
    }
  }
  return size
}

/** The rule of a path that is sent with its archive. */
export const narSizeRule = (narSize: bigint): string =>
  `an archive of ${narSize} bytes, as its info announces`
