import { expectName, expectNoOptions, expectText } from '../../combinators/expect.js'
import { flowNode } from '../expect.js'
import { type AnyFlow, flowOf } from '../flow.js'

/**
 * The same flow as a named part: a page prints it once, and links to it where it occurs.
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { part, says, sequence, toTable } from 'nix-wire/conversation'
 *
 * const greeting = part('greeting', sequence(says('client', 'hello', u8), says('server', 'welcome', u8)))
 * console.log(toTable(sequence(greeting, says('client', 'order', utf8))))
 * // prints:
 * // | from | what | where | note |
 * // | --- | --- | --- | --- |
 * // |  | [greeting](#greeting) |  |  |
 * // | client | `order`: utf8 |  |  |
 * ```
 */
export const part: <X extends AnyFlow>(name: string, flow: X) => X = (
  name,
  flow,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('part', more)
  expectName('the name of a part', name)
  return flowOf({ ...flowNode(`the part ${name}`, flow), part: name })
}

/** The same flow with a one-line note, which pages print beside it. */
export const noted: <X extends AnyFlow>(note: string, flow: X) => X = (
  note,
  flow,
  ...more: ReadonlyArray<unknown>
) => {
  expectNoOptions('noted', more)
  expectText('a note', note)
  const node = flowNode('what is noted', flow)
  // Otherwise there would be two parts with one name, only one of them with the note.
  return flowOf(node.part === undefined ? { ...node, note } : { _tag: 'sequence', parts: [node], note })
}
