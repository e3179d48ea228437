import type { Protocol } from '../../combinators/protocol.js'
import type { FuzzOutcome } from '../../fuzz/index.js'
import type { Vector } from '../../vectors/index.js'

/** What a program tells of a message besides whether it accepts it. */
export type CodecTold = 'bytes' | 'value' | 'offset'

/** A message for a program. */
export interface CodecQuestion {
  readonly vector: Vector
  /** What both peers agreed on: all of it, whatever the type asks for. */
  readonly protocol: Partial<Protocol>
}

/** A program that is ready. */
export interface RunningCodec {
  /** The types that it knows; empty where it does not say. */
  readonly types: ReadonlyArray<string>
  readonly tells: ReadonlyArray<CodecTold>
  /** How many messages it takes at once. */
  readonly capacity: number
  readonly ask: (question: CodecQuestion) => Promise<FuzzOutcome>
  /** Ends it when all is answered. */
  readonly close: () => Promise<void>
  /** Ends it at once. */
  readonly kill: () => void
}

/** A codec of others: a program that stays and answers, or one that is run for each message. */
export interface CodecUnderTest {
  /** What is run, for people. */
  readonly command: string
  /** Makes it ready. Rejects with a `ProgramError` for a program that cannot be started. */
  readonly open: () => Promise<RunningCodec>
}
