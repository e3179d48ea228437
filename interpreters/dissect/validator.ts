import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import { expectBytes } from '../../bytes/byte-array.js'
import type { Issue } from '../../combinators/issue.js'
import { limitsOf } from '../../combinators/limits.js'
import { type Grammar, grammarFor } from '../../combinators/node.js'
import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { mostOf } from './found.js'
import { type DissectOptions, dissectOptions } from './options.js'
import { readWhole } from './whole.js'

/** Decodes a message: its value, or all its issues. */
export type Validator<A> = (bytes: Uint8Array) => Either<ReadonlyNonEmptyArray<Issue>, A>

/**
 * Makes a function that reports all issues of a message, in the order of reading. The first is the one that `decode`
 * of a codec returns.
 *
 * ```ts
 * import { bytesOf, strictBool, struct, utf8 } from 'nix-wire'
 * import { toValidator } from 'nix-wire/interpreters'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const Cup = struct('Cup', { full: strictBool, tea: utf8 })
 *
 * F.pipe(
 *   bytesOf('0200000000000000 0300000000000000 7465610000000009'),
 *   toValidator(Cup),
 *   E.mapLeft((issues) => issues.map(({ _tag, offset, path }) => [_tag, offset, ...path])),
 * )
 * // => { _tag: 'Left', left: [['OutOfRange', 0, 'full'], ['NonZeroPadding', 23, 'tea']] }
 * ```
 *
 * Reading goes on after an issue whose extent is known: that of a text, a bool, an enum, a padding, a fixed field, a
 * `refine` or an `imap`. It stops at an issue after which the next field cannot be found, such as an unknown tag
 * before a body, a length over its limit, or the end of the bytes. At most 100 issues are listed; the option `issues`
 * sets another number.
 *
 * It is slower than a codec: if most messages are valid, decode with a codec first.
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError or TypeError for
 * an invalid protocol, limit or grammar. The function throws a TypeError for anything but a Uint8Array.
 */
export const toValidator = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: DissectOptions = {},
): Validator<A> => {
  const agreed = protocolFor('toValidator', grammarFor('toValidator', grammar).node, given)
  checkOptions('toValidator', dissectOptions, options)
  limitsOf(options.limits)
  mostOf(options.issues)
  const { node } = resolved(grammar, agreed)
  return (bytes) => {
    expectBytes('what is validated', bytes)
    const { value, first, issues } = readWhole(node, agreed, bytes, options, false)
    // Without an issue, the grammar's own node has read a value of that grammar.
    return first === null ? right(value as A) : left([issues[0] ?? first, ...issues.slice(1)])
  }
}
