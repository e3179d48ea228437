import { type Grammar, named, summarised } from '../combinators/node.js'
import { tagged } from '../combinators/structures/tagged.js'
import { Int } from './integers.js'
import { UInt64 } from './primitives.js'
import { Text } from './strings.js'

/**
 * One field of a log message: its FieldType, then a number or a text.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Field } from 'nix-wire/grammar'
 *
 * compile(Field).decode(bytesOf('0100000000000000 0200000000000000 6869000000000000'))
 * // => { _tag: 'Right', right: { type: 'String', value: 'hi' } }
 * ```
 *
 * Versions: 1.20 and above. Issues: `UnknownTag`, and those of its fields. Source: serialization, Field.
 */
export const Field: Grammar<Field> = summarised(
  'one field of a log message',
  named('Field', tagged('type', Int, { Int: [0, { value: UInt64 }], String: [1, { value: Text }] })),
)
export type Field =
  | { readonly type: 'Int'; readonly value: bigint }
  | { readonly type: 'String'; readonly value: string }
