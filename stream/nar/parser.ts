import { expectBytes } from '../../bytes/byte-array.js'
import type { Issue } from '../../combinators/issue.js'
import { checkOptions } from '../../combinators/options.js'
import type { NarEvent } from './events.js'
import { NarInput } from './input.js'
import { NarMachine } from './machine.js'
import { type NarParserOptions, narLimitsOf, narParserOptions } from './options.js'
import { issueOf, type Objection, Refused } from './refusal.js'

/**
 * The result of a chunk. `more`: the archive goes on. `end`: the archive is over, and `rest` is the part of the chunk
 * after it. `failed`: the archive breaks a rule; `events` has those before that place.
 */
export type NarStep =
  | { readonly _tag: 'more'; readonly events: ReadonlyArray<NarEvent> }
  | { readonly _tag: 'end'; readonly events: ReadonlyArray<NarEvent>; readonly rest: Uint8Array }
  | { readonly _tag: 'failed'; readonly events: ReadonlyArray<NarEvent>; readonly issue: Issue }

/**
 * Parses a NAR that comes in chunks of any size into {@link NarEvent}s. Contents are views of the chunk, so that
 * memory stays constant for archives of any size.
 *
 * ```ts
 * import { bytesOf, compile } from 'nix-wire'
 * import { Nar } from 'nix-wire/grammar'
 * import { NarParser } from 'nix-wire/stream'
 * import { either as E, function as F } from 'fp-ts'
 *
 * const archive = F.pipe(
 *   compile(Nar).encode({ root: { type: 'regular', executable: false, contents: bytesOf('6869') } }),
 *   E.getOrElse((): Uint8Array => new Uint8Array(0)),
 * )
 * const parser = new NarParser()
 * parser.push(archive.subarray(0, 50)) // => { _tag: 'more', events: [] }
 * parser.push(archive.subarray(50))
 * // => {
 * //   _tag: 'end',
 * //   events: [{ _tag: 'regular', executable: false, size: 2 }, { _tag: 'contents', bytes: bytesOf('6869') }],
 * //   rest: new Uint8Array(0),
 * // }
 * ```
 *
 * The rules are those of Nix 2.35 (see `Nar` in `nix-wire/grammar`). The issues are those of that grammar, with entry
 * names as the path, and two more: `NotCanonical` and `DuplicateKey` for a name that does not come after the one
 * before it. A length of contents above 2^53 − 1 is `OutOfRange`.
 *
 * @throws RangeError for an invalid limit.
 */
export class NarParser {
  readonly #input: NarInput
  readonly #machine: NarMachine
  #failed: { readonly issue: Issue; readonly wrongByte: number } | null = null

  constructor(options: NarParserOptions = {}) {
    checkOptions('NarParser', narParserOptions, options)
    const { limits, lenient = {}, offset = 0, onIssue } = options
    this.#input = new NarInput(offset)
    if (onIssue !== undefined) {
      this.#input.heard = this.#once(onIssue)
    }
    this.#machine = new NarMachine(this.#input, narLimitsOf(limits), lenient)
  }

  /** The offset in the stream of the next byte to read; after the end, that of the archive's end. */
  get offset(): number {
    return this.#input.offset
  }

  /** The earliest offset that a later issue can have; while contents come in pieces, that of their length. */
  get issuesFrom(): number {
    return this.#machine.issuesFrom
  }

  /** The entry names above the current node. */
  get path(): ReadonlyArray<string> {
    return [...this.#machine.path]
  }

  /** After a failure, the offset of the first invalid byte. */
  get wrongByte(): number | undefined {
    return this.#failed?.wrongByte
  }

  /** Parses the next chunk. After the end or a failure nothing more is read. */
  push(chunk: Uint8Array): NarStep {
    expectBytes('a chunk of an archive', chunk)
    const machine = this.#machine
    if (this.#failed !== null) {
      return { _tag: 'failed', events: [], issue: this.#failed.issue }
    }
    if (machine.ended) {
      return { _tag: 'end', events: [], rest: chunk }
    }
    machine.events = []
    let next = -1
    const issue = this.#refusing(() => {
      next = this.#input.feed(chunk, machine.step)
    })
    const { events } = machine
    machine.events = []
    if (issue !== null) {
      return { _tag: 'failed', events, issue }
    }
    return next === -1 ? { _tag: 'more', events } : { _tag: 'end', events, rest: chunk.subarray(next) }
  }

  /** Ends the input: returns an issue, or null if the archive is complete. */
  finish(): Issue | null {
    const machine = this.#machine
    return this.#failed !== null || machine.ended
      ? (this.#failed?.issue ?? null)
      : this.#refusing(() => machine.refuseEnd())
  }

  /** A word may be looked at more than once. */
  #once(onIssue: (issue: Issue) => void): Objection {
    let latest = -1
    return (refusal) => {
      if (refusal.offset > latest) {
        latest = refusal.offset
        onIssue(issueOf(refusal, this.path))
      }
    }
  }

  #refusing(run: () => void): Issue | null {
    try {
      run()
      return null
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error
      }
      const { refusal } = error
      const issue = issueOf(refusal, this.path)
      this.#failed = { issue, wrongByte: refusal.wrongByte ?? refusal.offset }
      return issue
    }
  }
}
