import type { Json } from '../../interpreters/json/index.js'
import type { MessageType } from '../adapter/index.js'
import type { FuzzOutcome } from '../outcome.js'

/**
 * What is compared.
 *
 * - `accept`: whether the target accepts and refuses what it should.
 * - `roundtrip`: also, that it writes what it read: in the canonical profile the same bytes, in the compatible one those of
 *   the encoder.
 * - `value`: also, that it reads the right value, compared as JSON.
 * - `encode`: it gets values, and must write the bytes of the encoder.
 */
export type Check = 'accept' | 'roundtrip' | 'value' | 'encode'

export const checks: ReadonlyArray<Check> = ['accept', 'roundtrip', 'value', 'encode']

/** What a target is asked for during a run. */
export interface TargetSetting {
  readonly message: MessageType
  readonly check: Check
  /** How long the run may take; its start is part of it. */
  readonly seconds: number
}

/** A target that is ready. */
export interface RunningTarget<A> {
  /** How many inputs it takes at once. */
  readonly capacity: number
  readonly decode: (bytes: Uint8Array) => Promise<FuzzOutcome>
  /** A method, so that a target of narrower values is one of wider ones: a decoder gives arrays, a grammar readonly ones. */
  encode(json: Json, value: A): Promise<FuzzOutcome>
  /** Ends it when all is answered. */
  readonly close: () => Promise<void>
  /** Ends it at once; what is not answered by then never is. */
  readonly kill: () => void
}

/** What is tested: functions of this process, a program that is run for each input, or one that answers question after question. */
export interface FuzzTarget<A> {
  /** Makes it ready. Rejects with a `ProgramError` for a program that cannot be started. */
  readonly open: (setting: TargetSetting) => Promise<RunningTarget<A>>
}
