import { expectFunction } from '../../combinators/expect.js'
import { expectIterable } from '../../stream/source.js'

/**
 * The closure of some paths, each path once and after those it refers to. That is the order in which they can be
 * added; its reverse is the order in which they can be deleted. If references form a cycle, one of them comes first.
 *
 * ```ts
 * import { closureOrder } from 'nix-wire/daemon'
 *
 * const references = new Map([['hello', ['libc', 'hello']], ['libc', ['libm']]])
 * closureOrder(['hello'], (path) => references.get(path) ?? []) // => ['libm', 'libc', 'hello']
 * ```
 *
 * It does not recurse, so a chain of references may be of any length.
 */
export const closureOrder = <P>(
  roots: Iterable<P>,
  referencesOf: (path: P) => Iterable<P>,
): ReadonlyArray<P> => {
  expectIterable('the paths of closureOrder', roots)
  expectFunction('what tells the references', referencesOf)
  const ordered = new Set<P>()
  const entered = new Set<P>()
  const stack = [...roots].reverse()
  for (let path = stack.at(-1); path !== undefined; path = stack.at(-1)) {
    if (entered.has(path)) {
      stack.pop()
      ordered.add(path)
    } else {
      entered.add(path)
      for (const reference of referencesOf(path)) {
        if (!entered.has(reference)) {
          stack.push(reference)
        }
      }
    }
  }
  return [...ordered]
}
