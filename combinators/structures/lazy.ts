import { expectFunction } from '../expect.js'
import { inUse } from '../mistake.js'
import { type Grammar, grammarOf, type Node, nodeOf } from '../node.js'

/**
 * A forward reference, for recursive grammars. The function is called once. TypeScript needs the type of a recursive
 * constant written down.
 *
 * ```ts
 * import { bytesOf, compile, type Grammar, lazy, listOf, struct, u64 } from 'nix-wire'
 *
 * interface Tree { readonly label: bigint; readonly children: ReadonlyArray<Tree> }
 * const Tree: Grammar<Tree> = struct('Tree', { label: u64, children: listOf(lazy(() => Tree)) })
 *
 * compile(Tree, {}).decode(bytesOf('0700000000000000 0000000000000000'))
 * // => { _tag: 'Right', right: { label: 7n, children: [] } }
 * ```
 *
 * Issues: `LimitExceeded` if recursion goes deeper than the codec's limit, in decoding and encoding.
 */
export const lazy = <A>(thunk: () => Grammar<A>): Grammar<A> => {
  expectFunction('what lazy takes', thunk)
  let node: Node | undefined
  return grammarOf<A>({
    _tag: 'lazy',
    get: () => {
      node ??= inUse('the function in lazy', () => nodeOf('what it returns', thunk()))
      return node
    },
  })
}
