import { expectName, expectNames, expectNoOptions, expectText } from '../../combinators/expect.js'
import { checkOptions, type OptionChecks } from '../../combinators/options.js'
import { expectSide, flowNode, placeOf } from '../expect.js'
import {
  type AnyFlow,
  type ClientOf,
  type FailuresOf,
  type Flow,
  flowOf,
  type Leaving,
  type MenuOf,
  type ServerOf,
} from '../flow.js'
import type { LoopNode, Side, Speech } from '../node.js'
import type { None, Outside, Rounds, Unasked } from '../said.js'

/** The options of {@link loop}. */
export interface LoopOptions {
  /** The place of an earlier number: that many rounds. */
  readonly times?: string
  /** As many rounds as this side begins. */
  readonly end?: Side
  /** One side sends in it until it is done. */
  readonly speech?: Speech
}

const checks: OptionChecks<LoopOptions> = {
  times: expectText,
  end: expectSide,
  speech: (what, value) => {
    expectNames(what, value, 'field', ['key', 'done', 'failed'])
    const { key, failed } = value as Speech
    expectName(`the key of ${what}`, key)
    expectName(`failed of ${what}`, failed)
  },
}

type SpeechKey<R> = R extends { readonly speech: { readonly key: infer K } } ? K : never

/** The rounds of a loop. */
export type LoopOf<N extends string, X, R> =
  X extends Leaving<infer C, infer S, infer M, infer F>
    ? R extends { readonly times: string } | { readonly end: Side }
      ? Flow<Rounds<C, SpeechKey<R>>, Rounds<S, SpeechKey<R>>, M, Outside<F, N>>
      : Leaving<Rounds<C, SpeechKey<R>>, Rounds<S, SpeechKey<R>>, M, Outside<F, N>>
    : Flow<
        Rounds<ClientOf<X>, SpeechKey<R>>,
        Rounds<ServerOf<X>, SpeechKey<R>>,
        MenuOf<X>,
        Outside<FailuresOf<X>, N>
      >

/**
 * A flow that is repeated: once, and once more for each {@link again} with its name inside. With `times`, it is
 * repeated as often as a number in an earlier message says. With `end`, it is repeated as long as that side begins
 * another round; then each round is a turn, and its messages are not visible outside.
 *
 * ```ts
 * import { tagged, u8, utf8 } from 'nix-wire/combinators'
 * import { again, branch, loop, nothing, says, sequence } from 'nix-wire/conversation'
 *
 * const Note = tagged('is', u8, { Note: [0, { text: utf8 }], Done: [1, {}], Burnt: [2, {}] })
 * const notes = sequence(
 *   says('server', 'note', Note),
 *   branch('note.is', { Note: again('notes'), Done: nothing, Burnt: again('orders') }),
 * )
 * loop('notes', notes, { speech: { key: 'note', done: { is: 'Done' }, failed: 'Burnt' } })
 * ```
 *
 * `speech` declares that one side speaks in the loop until it is done: `key` names its messages, `done` is the value that
 * ends the loop, `failed` the case that reports a failure. A handler then sends neither: its right is sent as `done`, its
 * left as `failed`; a client gets a right or a left. Without `speech`, the last message is one of the others.
 *
 * @throws TypeError for a loop that nothing repeats, a loop that never ends, and a loop with a round that may take no
 * bytes.
 */
export const loop = <const N extends string, X extends AnyFlow, const R extends LoopOptions = LoopOptions>(
  name: N,
  body: X,
  options: R = {} as R,
): LoopOf<N, X, R> => {
  expectLoop('the name of a loop', name)
  checkOptions<LoopOptions>('loop', checks, options)
  const { speech = null } = options
  return flowOf({
    _tag: 'loop',
    name,
    body: flowNode(`the body of the loop ${name}`, body),
    until: untilOf(name, options),
    speech,
  })
}

const untilOf = (name: string, { times, end }: LoopOptions): LoopNode['until'] => {
  if (times !== undefined && end !== undefined) {
    throw new TypeError(`the loop ${name} cannot have times and end`)
  }
  return times !== undefined
    ? { times: placeOf(`times of the loop ${name}`, times) }
    : end !== undefined
      ? { end }
      : null
}

export const expectLoop = (what: string, name: string): void => {
  expectName(what, name)
  if (name === 'ends') {
    throw new TypeError(`${what} cannot be ends, which leaves all loops`)
  }
}

/**
 * Goes back to the head of a loop around it. If that is an outer loop, the inner loops are left: that is how an error
 * ends a whole turn.
 *
 * ```ts
 * import { again } from 'nix-wire/conversation'
 *
 * again('orders')
 * ```
 */
export const again: <const N extends string>(
  loop: N,
) => Leaving<None, None, None, { readonly [L in N]: Unasked }> = (loop, ...more: ReadonlyArray<unknown>) => {
  expectNoOptions('again', more)
  expectLoop('the loop of again', loop)
  return flowOf({ _tag: 'again', loop })
}
