/**
 * A fuzzer for decoders and encoders of any grammar, for use in tests: for your own functions, and for programs in
 * any language. `Adapter` speaks the adapter protocol with a running program.
 *
 * A mistake of the target is a finding in the report. A promise rejects for a program that cannot be run, with a
 * `ProgramError`: it cannot be started, or breaks the adapter protocol.
 *
 * @module nix-wire/fuzz
 */
export {
  type Ability,
  Adapter,
  type AdapterOptions,
  type DecodeQuestion,
  type Description,
  type EncodeQuestion,
  type MessageType,
} from './adapter/index.js'
export type { FuzzEnding } from './campaign.js'
export type { BytesDifference, Difference, FieldDifference, ValueDifference } from './difference.js'
export type { FilterOptions } from './filter.js'
export type { Finding } from './findings.js'
export { type FuzzOptions, type FuzzReport, type FuzzStanding, fuzz } from './fuzz.js'
export type { Expectation, Input, InputKind } from './inputs.js'
export type { JsonForm, JsonFormCodec } from './json-form.js'
export type { Mistake, MistakeKind } from './mistake.js'
export type { Accepted, Crashed, FuzzOutcome, Hung, Refused, Skipped } from './outcome.js'
export type { Command } from './process/command.js'
export { ProgramError } from './process/program-error.js'
export { type AdapterTargetOptions, adapterTarget } from './targets/adapter.js'
export { functionTarget, type TargetFunctions } from './targets/functions.js'
export { type ProgramOptions, programTarget } from './targets/program.js'
export type { Check, FuzzTarget, RunningTarget, TargetSetting } from './targets/target.js'
