import { compareTexts } from '../../bytes/order.js'
import type { Issue } from '../../combinators/issue.js'
import { quoted } from '../../combinators/show.js'
import type { ListedFile, ListingNode } from './node.js'

/**
 * The differences between a listing that a cache serves and the listing of the actual archive; empty if they agree.
 * Offsets are compared if both are known.
 *
 * ```ts
 * import { listingIssues } from 'nix-wire/store'
 * import { option as O } from 'fp-ts'
 *
 * const file = { type: 'regular', size: 5, executable: false, narOffset: O.some(96) } as const
 * listingIssues(file, file) // => []
 * listingIssues(file, { ...file, size: 6 }).map(({ expected, actual }) => `${expected}: ${actual}`)
 * // => ['a file of 5 bytes: a file of 6 bytes']
 * ```
 *
 * Issues: `InvalidValue`, with the names of the node as path, in the order of the archive. A node that only one of
 * the two has is one issue, whatever is in it.
 */
export const listingIssues = (said: ListingNode, archive: ListingNode): ReadonlyArray<Issue> => {
  const issues: Array<Issue> = []
  const waiting: Array<readonly [ReadonlyArray<string>, ListingNode | undefined, ListingNode | undefined]> = [
    [[], said, archive],
  ]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, expected, found] = next
    if (expected?.type === 'directory' && found?.type === 'directory') {
      const names = new Set([...expected.entries.keys(), ...found.entries.keys()])
      for (const name of [...names].sort((a, b) => compareTexts(b, a))) {
        waiting.push([[...path, name], expected.entries.get(name), found.entries.get(name)])
      }
    } else if (!isSame(expected, found)) {
      issues.push({
        _tag: 'InvalidValue',
        offset: found?.type === 'regular' && found.narOffset._tag === 'Some' ? found.narOffset.value : 0,
        path,
        expected: describe(expected, found),
        actual: describe(found, expected),
        grammar: 'Listing',
      })
    }
  }
  return issues
}

const isSame = (a: ListingNode | undefined, b: ListingNode | undefined): boolean => {
  if (a?.type === 'regular' && b?.type === 'regular') {
    return a.size === b.size && a.executable === b.executable && !areElsewhere(a, b)
  }
  return a?.type === 'symlink' && b?.type === 'symlink' && a.target === b.target
}

const areElsewhere = ({ narOffset: a }: ListedFile, { narOffset: b }: ListedFile): boolean =>
  a._tag === 'Some' && b._tag === 'Some' && a.value !== b.value

/** A node in words, with what distinguishes it from the other one. */
const describe = (node: ListingNode | undefined, other: ListingNode | undefined): string => {
  switch (node?.type) {
    case undefined:
      return 'nothing'
    case 'directory':
      return 'a directory'
    case 'symlink':
      return `a symbolic link to ${quoted(node.target)}`
    case 'regular': {
      const isPlace = other?.type === 'regular' && areElsewhere(node, other)
      const place = isPlace && node.narOffset._tag === 'Some' ? ` at ${node.narOffset.value}` : ''
      return `${node.executable ? 'an executable file' : 'a file'} of ${node.size} bytes${place}`
    }
  }
}
