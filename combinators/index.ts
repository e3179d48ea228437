/**
 * The combinators that grammars are made from, for any protocol with words of eight bytes, little endian, in which
 * bytes with a length are padded to a multiple of eight.
 *
 * Nothing here reads data: an invalid grammar is an error that is thrown when the grammar is built. Text formats, and
 * the functions that you pass to `imap`, return an `Either`.
 *
 * @module nix-wire/combinators
 */

export { bytesOf, hexOf } from '../bytes/hex.js'
export { type FamilyGates, gatesOf } from './family.js'
export {
  allOf,
  anyOf,
  before,
  feature,
  type Gate,
  holds,
  not,
  type ProtocolFamily,
  showGate,
  since,
} from './gate.js'
export {
  type FieldPath,
  type InvalidText,
  type Issue,
  type IssueTag,
  type LimitExceeded,
  type LimitName,
  type NotUtf8,
  type PlainIssue,
  type StreamFailure,
  showFieldPath,
  showIssue,
  type UnexpectedEnd,
} from './issue.js'
export {
  type AnyGrammar,
  type Grammar,
  type IntGrammar,
  isGrammar,
  type Node,
  named,
  nodeName,
  summarised,
  type TextGrammar,
  type ToEndGrammar,
  type TypeOf,
} from './node.js'
export { bool32, bool64, strictBool } from './primitives/bool.js'
export { paddedBytes, rawBytes, restBytes } from './primitives/bytes.js'
export { type Literal, literal } from './primitives/fixed.js'
export { intUpTo, lowBits, size, u8, u32, u63, u64 } from './primitives/int.js'
export { i8, i16, i32, i64 } from './primitives/signed.js'
export { escapedText, limited, text, utf8 } from './primitives/text.js'
export { type Protocol, protocol } from './protocol.js'
export { type Bounds, bounds } from './size.js'
export { enumOf, openEnumOf } from './structures/choice.js'
export { defaults } from './structures/defaults.js'
export { type FlagMasks, type FlagsValue, flagsOf } from './structures/flags.js'
export { framed } from './structures/framed.js'
export { byProtocol, pure, versioned } from './structures/gated.js'
export { type ImapOptions, imap, refine } from './structures/imap.js'
export { lazy } from './structures/lazy.js'
export { optional, optionalByOpenTag, optionalByTag, optionalEnumOf } from './structures/optional.js'
export {
  type ListOptions,
  listOf,
  listToEnd,
  type MapOptions,
  mapOf,
  type SetOptions,
  setOf,
} from './structures/sequence.js'
export {
  type FieldsOf,
  pick,
  type ShowingFields,
  type StructGrammar,
  struct,
  tuple,
} from './structures/struct.js'
export { tagged } from './structures/tagged.js'
export { type Fixation, under } from './structures/under.js'
export { until } from './structures/until.js'
export { type WithBytes, withBytes } from './structures/with-bytes.js'
export {
  alphabet,
  type TextFormat,
  type TextIssue,
  type TextMaker,
  type TextPiece,
  type TextSyntax,
  type TextsOf,
} from './text-format.js'
export {
  ordVersion,
  type ProtocolVersion,
  parseVersion,
  versionBits,
  versionFromBits,
} from './version.js'
