import { flowNode } from '../expect.js'
import { type AnyFlow, flowOf } from '../flow.js'
import type { AllOf } from './sequence.js'

/**
 * Several parts that run concurrently, such as an upload of the client and a log of the server: each side sends its part
 * without waiting for the other. If one part leaves a loop around, the others are abandoned.
 *
 * ```ts
 * import { u8 } from 'nix-wire/combinators'
 * import { atOnce, says } from 'nix-wire/conversation'
 *
 * atOnce(says('client', 'hello', u8), says('server', 'welcome', u8))
 * ```
 *
 * @throws TypeError for two parts with messages of the same side, for a place that is in another part, and for a key
 * that two parts have.
 */
export const atOnce = <const T extends ReadonlyArray<AnyFlow>>(...parts: T): AllOf<T[number]> =>
  flowOf({ _tag: 'atOnce', parts: parts.map((part, at) => flowNode(`part ${at} of atOnce`, part)) })
