import { expectFunction } from '../../combinators/expect.js'
import { expectIterable } from '../../stream/source.js'

/**
 * Some paths and all that they refer to, each once and after those it refers to: the order in which they can be added; its
 * reverse is the order in which they can be deleted. Where references go round in a circle, one of them has to come first.
 *
 * ```ts
 * import { closureOrder } from 'nix-wire/daemon'
 *
 * const references = new Map([['hello', ['libc', 'hello']], ['libc', ['libm']]])
 * closureOrder(['hello'], (path) => references.get(path) ?? []) // => ['libm', 'libc', 'hello']
 * ```
 *
 * Works without calls inside calls: a chain of references may be of any length.
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
