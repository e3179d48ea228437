import type { Option } from 'fp-ts/lib/Option.js'
import type { AnyGrammar } from '../combinators/node.js'

/** A value that was read, or was being read when an issue was found. */
export interface Attempt {
  readonly kind: 'greeting' | 'request' | 'message' | 'reply'
  readonly grammar: AnyGrammar
  /** Where it starts. */
  readonly start: number
  /** The operation that it belongs to. */
  readonly during: Option<string>
}

/**
 * The first value of a side and its last two: if one is invalid, one before it may have ended in the wrong place.
 */
export class Trail {
  first: Attempt | null = null
  latest: Attempt | null = null
  before: Attempt | null = null

  begin(kind: Attempt['kind'], grammar: AnyGrammar, start: number, during: Option<string>): void {
    this.before = this.latest
    this.latest = { kind, grammar, start, during }
    this.first ??= this.latest
  }
}
