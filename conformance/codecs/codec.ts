import type { Protocol } from '../../combinators/protocol.js'
import type { FuzzOutcome } from '../../fuzz/index.js'
import type { Vector } from '../../vectors/index.js'

/** What a program can report of a message besides whether it accepts it. */
export type CodecTold = 'bytes' | 'value' | 'offset'

/** A message to test a program with. */
export interface CodecQuestion {
  readonly vector: Vector
  /** The protocol that both peers agreed on: all parts, even if the type does not depend on them. */
  readonly protocol: Partial<Protocol>
}

/** A program that has been started. */
export interface RunningCodec {
  /** The types that it knows; empty if it does not list them. */
  readonly types: ReadonlyArray<string>
  readonly tells: ReadonlyArray<CodecTold>
  /** The number of messages that it takes at the same time. */
  readonly capacity: number
  readonly ask: (question: CodecQuestion) => Promise<FuzzOutcome>
  /** Ends it after all answers. */
  readonly close: () => Promise<void>
  /** Kills it. */
  readonly kill: () => void
}

/**
 * A codec to grade: an adapter ({@link adapterCodec}), or a program that is run for each message ({@link
 * programCodec}).
 */
export interface CodecUnderTest {
  /** The command, for people. */
  readonly command: string
  /** Starts it. The promise rejects with a `ProgramError` if it cannot be started. */
  readonly open: () => Promise<RunningCodec>
}
