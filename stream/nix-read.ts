import type { Option } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import { u64 } from '../combinators/primitives/int.js'
import { limited } from '../combinators/primitives/text.js'
import type { Protocol } from '../combinators/protocol.js'
import { refine } from '../combinators/structures/imap.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { settled } from './settled.js'

/**
 * The interface of readers: of {@link NixReader}, and of {@link MockReader} for tests. The `try` methods return none
 * if the stream ends before the first byte; any other end is an `UnexpectedEnd`.
 */
export interface NixRead {
  readonly protocol: Protocol
  readonly version: ProtocolVersion

  /** One integer. */
  readNumber(): TaskEither<Issue, bigint>
  tryReadNumber(): TaskEither<Issue, Option<bigint>>

  /** Padded bytes, without their length and padding. The array belongs to the caller. */
  readBytes(): TaskEither<Issue, Uint8Array>
  tryReadBytes(): TaskEither<Issue, Option<Uint8Array>>

  /**
   * Padded bytes whose number is in a range, both ends included. If it is outside, the length has been read but not
   * the bytes.
   *
   * @throws RangeError for an empty range.
   */
  readBytesLimited(range: readonly [min: number, max: number]): TaskEither<Issue, Uint8Array>

  /** One value of a grammar, under the reader's protocol. */
  readValue<A>(grammar: Grammar<A>): TaskEither<Issue, A>
  tryReadValue<A>(grammar: Grammar<A>): TaskEither<Issue, Option<A>>

  /** The same methods as promises, which reject with an {@link IssueError}. */
  readonly promises: NixReadPromises
}

/** The methods of {@link NixRead} as promises, which reject with an {@link IssueError}. */
export interface NixReadPromises {
  readNumber(): Promise<bigint>
  tryReadNumber(): Promise<Option<bigint>>
  readBytes(): Promise<Uint8Array>
  tryReadBytes(): Promise<Option<Uint8Array>>
  readBytesLimited(range: readonly [min: number, max: number]): Promise<Uint8Array>
  readValue<A>(grammar: Grammar<A>): Promise<A>
  tryReadValue<A>(grammar: Grammar<A>): Promise<Option<A>>
}

/** The methods of {@link NixReader} as promises, which reject with an {@link IssueError}. */
export interface NixReaderPromises extends NixReadPromises {
  fill(): Promise<number>
  readSome(most?: number): Promise<Option<Uint8Array>>
  expectEnd(): Promise<void>
}

/** A base class of {@link NixRead}: everything except reading a value. */
export abstract class ValueReader implements NixRead {
  #promises: NixReadPromises | undefined

  abstract readonly protocol: Protocol
  abstract readValue<A>(grammar: Grammar<A>): TaskEither<Issue, A>
  abstract tryReadValue<A>(grammar: Grammar<A>): TaskEither<Issue, Option<A>>

  get version(): ProtocolVersion {
    return this.protocol.version
  }

  readNumber(): TaskEither<Issue, bigint> {
    return this.readValue(u64)
  }

  tryReadNumber(): TaskEither<Issue, Option<bigint>> {
    return this.tryReadValue(u64)
  }

  readBytes(): TaskEither<Issue, Uint8Array> {
    return this.readValue(paddedBytes)
  }

  tryReadBytes(): TaskEither<Issue, Option<Uint8Array>> {
    return this.tryReadValue(paddedBytes)
  }

  readBytesLimited(range: readonly [min: number, max: number]): TaskEither<Issue, Uint8Array> {
    return this.readValue(bytesWithin(range))
  }

  get promises(): NixReadPromises {
    this.#promises ??= promisesOf(this)
    return this.#promises
  }
}

const promisesOf = (reader: NixRead): NixReadPromises => ({
  readNumber: () => settled(reader.readNumber()),
  tryReadNumber: () => settled(reader.tryReadNumber()),
  readBytes: () => settled(reader.readBytes()),
  tryReadBytes: () => settled(reader.tryReadBytes()),
  readBytesLimited: (range) => settled(reader.readBytesLimited(range)),
  readValue: (grammar) => settled(reader.readValue(grammar)),
  tryReadValue: (grammar) => settled(reader.tryReadValue(grammar)),
})

// Preparing a grammar takes time, and callers use the same few ranges repeatedly.
const ranges = new Map<string, Grammar<Uint8Array>>()
const rangesKept = 64

/** @internal @throws RangeError for an empty range. */
export const bytesWithin = ([min, max]: readonly [number, number]): Grammar<Uint8Array> => {
  if (!Number.isSafeInteger(min) || min < 0 || !(max >= min)) {
    throw new RangeError(`not a range of lengths: ${min} to ${max}`)
  }
  const id = `${min} ${max}`
  const known = ranges.get(id)
  if (known !== undefined) {
    return known
  }
  if (ranges.size >= rangesKept) {
    ranges.clear()
  }
  const short = limited(Math.min(max, Number.MAX_SAFE_INTEGER), paddedBytes)
  const grammar = min === 0 ? short : refine(short, `${min} to ${max} bytes`, (value) => value.length >= min)
  ranges.set(id, grammar)
  return grammar
}
