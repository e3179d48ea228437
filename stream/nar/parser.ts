import { expectBytes } from '../../bytes/byte-array.js'
import type { Issue } from '../../combinators/issue.js'
import { checkOptions } from '../../combinators/options.js'
import type { NarEvent } from './events.js'
import { NarInput } from './input.js'
import { NarMachine } from './machine.js'
import { type NarParserOptions, narLimitsOf, narParserOptions } from './options.js'
import { issueOf, type Objection, Refused } from './refusal.js'

/**
 * What a chunk held. `more`: the archive goes on. `end`: it is over, and `rest` is what follows it in the chunk.
 * `failed`: it breaks a rule; the events before that place are there.
 */
export type NarStep =
  | { readonly _tag: 'more'; readonly events: ReadonlyArray<NarEvent> }
  | { readonly _tag: 'end'; readonly events: ReadonlyArray<NarEvent>; readonly rest: Uint8Array }
  | { readonly _tag: 'failed'; readonly events: ReadonlyArray<NarEvent>; readonly issue: Issue }

/**
 * Reads a NAR that comes in chunks of any size, as {@link NarEvent}s. Contents are handed out as views of the
 * chunk; memory stays the same at any size of the archive.
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
 * The rules are those of Nix 2.35 (see `Nar` in `nix-wire/grammar`), and the issues those of that grammar with
 * entry names as the path, and two of its own: `NotCanonical` and `DuplicateKey` for a name that does not come after
 * the one before it. A length of contents above 2^53 − 1 is `OutOfRange`.
 *
 * @throws RangeError for a limit that is not one.
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

  /** The offset in the stream of the next byte to be read; behind the end, that of the archive's end. */
  get offset(): number {
    return this.#input.offset
  }

  /** The earliest offset that an issue can name from here on: of contents that come in pieces, that of their length. */
  get issuesFrom(): number {
    return this.#machine.issuesFrom
  }

  /** The names above the node that is being read. */
  get path(): ReadonlyArray<string> {
    return [...this.#machine.path]
  }

  /** After a failure: the offset of the first byte that cannot stand where it stands. */
  get wrongByte(): number | undefined {
    return this.#failed?.wrongByte
  }

  /** Takes the next chunk. Behind the end or a failure nothing is read any more. */
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

  /** Says that no chunk follows: the issue, or null where the archive had come to its end. */
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
