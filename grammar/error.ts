import { type Grammar, summarised, type TypeOf } from '../combinators/node.js'
import { literal } from '../combinators/primitives/fixed.js'
import { listOf } from '../combinators/structures/sequence.js'
import { struct } from '../combinators/structures/struct.js'
import { before, since } from '../types/nix-gates.js'
import { Verbosity } from './enums.js'
import { versioned } from './gated.js'
import { Int, Size } from './integers.js'
import { String, Text } from './strings.js'

const TraceLine_ = struct('TraceLine', { havePos: literal(Size, 0), hint: Text })

/**
 * One line of the trace of an error. The field `havePos` once announced a position in a file; it is always 0.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { TraceLine } from 'nix-wire/grammar'
 *
 * compile(TraceLine).decode(bytesOf('0000000000000000 0200000000000000 6869000000000000'))
 * // => { _tag: 'Right', right: { hint: 'hi' } }
 * ```
 *
 * Versions: 1.26 and above. Issues: those of its fields, `UnexpectedValue` for a position. Source: serialization,
 * TraceLine.
 */
export const TraceLine: Grammar<TraceLine> = summarised('one line of the trace of an error', TraceLine_)
export interface TraceLine extends TypeOf<typeof TraceLine_> {}

const Error_ = struct('Error', {
  type: literal(versioned(since('1.26'), String, 'Error'), 'Error'),
  level: versioned(since('1.26'), Verbosity, 'Error'),
  name: literal(versioned(since('1.26'), Text, 'Error'), 'Error', { ignored: true }),
  msg: Text,
  exitStatus: versioned(before('1.26'), Int, 1),
  havePos: literal(versioned(since('1.26'), Size, 0), 0),
  traces: versioned(since('1.26'), listOf(TraceLine), []),
})

/**
 * Why the daemon could not do what it was asked: what follows STDERR_ERROR. Below 1.26 a message and an exit
 * status; since then a level, the message and what led to it. `type` and `name` are always `Error`, and what
 * stands in `name` is ignored.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Error } from 'nix-wire/grammar'
 *
 * compile(Error, { version: '1.25' }).decode(bytesOf('0400000000000000 626f6f6d00000000 6400000000000000'))
 * // => { _tag: 'Right', right: { level: 'Error', msg: 'boom', exitStatus: 100, traces: [] } }
 *
 * compile(Error, { version: '1.26' }).decode(bytesOf(`
 *   0500000000000000 4572726f72000000 0000000000000000 0500000000000000 4572726f72000000
 *   0400000000000000 626f6f6d00000000 0000000000000000 0000000000000000`))
 * // => { _tag: 'Right', right: { level: 'Error', msg: 'boom', exitStatus: 1, traces: [] } }
 * ```
 *
 * Versions: all. Issues: those of its fields, `UnexpectedValue` for another type or a position. Source:
 * serialization, Error, which has the newer form only.
 */
const ErrorPayload: Grammar<ErrorPayload> = summarised('the error of an operation', Error_)
interface ErrorPayload extends TypeOf<typeof Error_> {}

export { ErrorPayload as Error }
