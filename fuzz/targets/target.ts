import type { Json } from '../../interpreters/json/index.js'
import type { MessageType } from '../adapter/index.js'
import type { FuzzOutcome } from '../outcome.js'

/**
 * What is compared.
 *
 * - `accept`: whether the target accepts and rejects what it should.
 * - `roundtrip`: also that it writes the right bytes for what it read: in the canonical profile the same bytes, in
 *   the compatible one those of the encoder.
 * - `value`: also that it reads the right value, compared as JSON.
 * - `encode`: that it writes the bytes of the encoder for given values.
 */
export type Check = 'accept' | 'roundtrip' | 'value' | 'encode'

export const checks: ReadonlyArray<Check> = ['accept', 'roundtrip', 'value', 'encode']

/** The settings of a run, for a target. */
export interface TargetSetting {
  readonly message: MessageType
  readonly check: Check
  /** The most seconds for the run, including the start of the target. */
  readonly seconds: number
}

/** A target that has been started. */
export interface RunningTarget<A> {
  /** The number of inputs that it takes at the same time. */
  readonly capacity: number
  readonly decode: (bytes: Uint8Array) => Promise<FuzzOutcome>
  /** It is declared as a method, so that targets of narrower and wider value types are assignable to each other. */
  encode(json: Json, value: A): Promise<FuzzOutcome>
  /** Ends it after all answers. */
  readonly close: () => Promise<void>
  /** Kills it; pending inputs are never answered. */
  readonly kill: () => void
}

/**
 * What is tested: functions of this process ({@link functionTarget}), a program that is run for each input ({@link
 * programTarget}), or an adapter ({@link adapterTarget}).
 */
export interface FuzzTarget<A> {
  /** Starts it. The promise rejects with a `ProgramError` if a program cannot be started. */
  readonly open: (setting: TargetSetting) => Promise<RunningTarget<A>>
}
