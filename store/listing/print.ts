import { compareTexts } from '../../bytes/order.js'
import { expectObject } from '../../combinators/expect.js'
import type { ListedDirectory, ListedFile, ListedLink, ListingNode } from './node.js'

/**
 * Prints the listing of an archive, which a binary cache has beside its narinfo in the file `HASH.ls`: byte for byte
 * as Nix 2.26 and 2.34. Older releases write the members in another order.
 *
 * ```ts
 * import { printListing } from 'nix-wire/store'
 * import { option as O } from 'fp-ts'
 *
 * printListing({ type: 'regular', size: 5, executable: true, narOffset: O.some(128) })
 * // => '{"root":{"executable":true,"narOffset":128,"size":5,"type":"regular"},"version":1}'
 * ```
 *
 * A byte of a name that is not UTF-8 is an escape such as `\udcff`. (Those releases of Nix fail for such names.)
 */
export const printListing = (root: ListingNode): string => `{"root":${printListingNode(root)},"version":1}`

/**
 * Prints a node of a listing without a version, like `nix nar ls --json --recursive`.
 *
 * ```ts
 * import { printListingNode } from 'nix-wire/store'
 *
 * printListingNode({ type: 'symlink', target: 'tea' }) // => '{"target":"tea","type":"symlink"}'
 * ```
 */
export const printListingNode = (root: ListingNode): string => {
  expectObject('a node of a listing', root)
  const parts: Array<string> = []
  // Without recursion, since a value may have any depth.
  const open: Array<Iterator<readonly [string, ListingNode]>> = []
  const begin = (node: ListingNode): void => {
    if (node.type === 'directory') {
      parts.push('{"entries":{')
      open.push(sortedEntries(node).values())
    } else {
      parts.push(node.type === 'regular' ? fileText(node) : linkText(node))
    }
  }
  begin(root)
  for (let entries = open.at(-1); entries !== undefined; entries = open.at(-1)) {
    const next = entries.next()
    if (next.done === true) {
      open.pop()
      parts.push('},"type":"directory"}')
    } else {
      const [name, node] = next.value
      parts.push(`${parts.at(-1) === '{"entries":{' ? '' : ','}${JSON.stringify(name)}:`)
      begin(node)
    }
  }
  return parts.join('')
}

const sortedEntries = ({ entries }: ListedDirectory): ReadonlyArray<readonly [string, ListingNode]> =>
  [...entries].sort(([a], [b]) => compareTexts(a, b))

const fileText = ({ size, executable, narOffset }: ListedFile): string =>
  `{${executable ? '"executable":true,' : ''}` +
  `${narOffset._tag === 'Some' ? `"narOffset":${narOffset.value},` : ''}"size":${size},"type":"regular"}`

const linkText = ({ target }: ListedLink): string => `{"target":${JSON.stringify(target)},"type":"symlink"}`
