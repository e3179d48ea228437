/**
 * What you can make from a grammar: a codec, a parser, JSON, a dissection, malformed messages, a page of a
 * specification. What is wrong with bytes, a value or JSON is the left of an `Either`.
 *
 * `toParser` returns issues as arcsecond's errors, and `dissect` in its `result`; printing never fails. A codec's
 * `size` and `toMalformed` throw a RangeError for values that cannot be encoded.
 *
 * @module nix-wire/interpreters
 */
export { type ParserOptions, runParser, toParser, withTextErrors } from './arcsecond/index.js'
export {
  type Codec,
  type CompileOptions,
  compile,
  type Limits,
  type OnCode,
  type Profile,
} from './compile/index.js'
export {
  type Dissection,
  type DissectOptions,
  dissect,
  dissectionJson,
  issueAt,
  type Part,
  type RenderOptions,
  type Role,
  renderDissection,
  toValidator,
  type Validator,
} from './dissect/index.js'
export { type Excerpt, excerptStart, explain } from './explain.js'
export {
  fromJson,
  type Json,
  type JsonSchema,
  parseJson,
  printJson,
  toJson,
  toJsonAsItIs,
  toJsonSchema,
} from './json/index.js'
export { toKaitai, toKaitaiFiles } from './kaitai/index.js'
export {
  type Malformed,
  type MalformedOptions,
  type MalformedRule,
  type Malformer,
  type RuleKind,
  toMalformed,
} from './malformed/index.js'
export { type PageSection, toMarkdown, toMarkdownPage } from './markdown/index.js'
export { toWireshark, type WiresharkMessage, type WiresharkOptions } from './wireshark/index.js'
