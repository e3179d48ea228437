import type { FieldPath, Issue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Plans } from '../../interpreters/compile/resumable.js'
import type { Side } from '../node.js'
import { Feed } from './feed.js'
import type { Runs } from './runs.js'
import { Break, type Talk } from './talk.js'

/**
 * The messages of one side as they are received: from its stream, or from the content of frames or pieces.
 */
export class Ear {
  readonly side: Side
  readonly feed = new Feed()
  /** Where its bytes are in the stream of the side; null if they are the stream. */
  readonly #runs: Runs | null
  /** The number of departures that may come in place of what is read. */
  #guards = 0
  /** Where the last message began: an issue is there, or after it. */
  #since = 0
  /** The earliest place of an issue. */
  #named = 0
  /** The place of the last issue. */
  #brokenAt = 0

  constructor(side: Side, runs: Runs | null = null) {
    this.side = side
    this.#runs = runs
  }

  get since(): number {
    return this.#since
  }

  get named(): number {
    return this.#named
  }

  /** A message begins here. */
  begin(): number {
    return this.keep(this.feed.offset)
  }

  /** Nothing before this can have an issue any more; an issue may name an earlier place. */
  keep(position: number, named: number = position): number {
    this.#since = position
    this.#named = named
    if (this.isGuarded) {
      this.feed.keepFrom(position)
    }
    return position
  }

  /** Receives one value. */
  *value(path: FieldPath, grammar: AnyGrammar, plans: Plans): Talk<unknown> {
    try {
      return yield* this.feed.read(grammar as Grammar<unknown>, plans)
    } catch (error) {
      throw error instanceof Break ? this.broken(path, error.issue) : error
    }
  }

  /** The issue at a position of the feed, with its offset in the stream. */
  broken(path: FieldPath, issue: Issue, offset: number = this.offsetOf(issue.offset)): Break {
    this.#brokenAt = issue.offset
    return new Break(this.feed, { ...issue, offset, path: [...path, ...issue.path] })
  }

  get isGuarded(): boolean {
    return this.#guards > 0
  }

  /** From here on {@link rewind} can go back. The result ends that. */
  guard(): () => void {
    this.#guards++
    this.begin()
    return () => {
      this.#guards--
      if (!this.isGuarded) {
        this.feed.release()
      }
    }
  }

  /** Goes back to the last issue; false if that is not in the last message. */
  rewind(): boolean {
    return this.isGuarded && this.#brokenAt >= this.#since && this.feed.rewind(this.#brokenAt)
  }

  /** The offset in the stream of the side. */
  offsetOf(position: number): number {
    return this.#runs === null ? position : this.#runs.at(position)
  }

  /**
   * The end, in the stream of the side, of what was received from a position on; `start` is the offset of its
   * beginning.
   */
  endOf(position: number, start: number): number {
    const { offset } = this.feed
    return offset === position ? start : this.offsetOf(offset - 1) + 1
  }

  /** Tells `runs` where some of its bytes are in the stream of the side. */
  place(position: number, length: number, runs: Runs): void {
    if (this.#runs === null) {
      runs.add(length, position)
    } else {
      this.#runs.each(position, length, (part, offset) => runs.add(part, offset))
    }
  }
}
