import type { Issue } from '../../combinators/issue.js'
import type { CarriedNode } from '../node.js'
import { Ear } from './ear.js'
import type { Meter } from './meter.js'
import { Runs } from './runs.js'
import { type Exit, type Run, Said, type Scope } from './scope.js'
import { Task } from './talk.js'

/** The messages of a side inside others, in pieces as they come. */
export class Inside {
  readonly meter: Meter
  readonly #node: CarriedNode
  readonly #scope: Scope
  readonly #runs: Runs
  readonly #ear: Ear
  /** Null if the content is not followed. */
  readonly #task: Task<Exit> | null
  /** Its offset, in the stream and in the feed of its pieces. */
  readonly #start: number
  readonly #position: number
  /** The number of content bytes used, once it is over. */
  #taken: number | null = null

  /** `looks`: whether the content is followed. */
  constructor(
    node: CarriedNode,
    scope: Scope,
    run: Run,
    start: number,
    meter: Meter,
    looks = scope.host.looksInside,
  ) {
    const { side, key, inner } = node
    this.#node = node
    this.#scope = scope
    this.meter = meter
    this.#start = start
    this.#position = scope.ears[side].feed.offset
    this.#runs = new Runs(start)
    this.#ear = new Ear(side, this.#runs)
    this.#task = looks
      ? new Task(
          run(inner, {
            ...scope,
            ears: { ...scope.ears, [side]: this.#ear },
            voices: { ...scope.voices, [side]: null },
            said: new Said(scope.said),
            within: [...scope.within, key],
            pieces: null,
            rest: true,
          }),
        )
      : null
  }

  /** The number of its pieces. */
  get pieces(): number {
    return this.meter.pieces
  }

  set pieces(count: number) {
    this.meter.pieces = count
  }

  /** Whether the content is over, with or without an issue. */
  get isOver(): boolean {
    return this.#task !== null && this.#task.ending !== null
  }

  /** Some bytes, from a position of the ear that receives the pieces. */
  push(bytes: Uint8Array, ear: Ear, position: number): void {
    this.meter.push(bytes)
    if (this.#task?.ending === null) {
      this.#runs.forget(this.#ear.since, this.#ear.named)
      ear.place(position, bytes.length, this.#runs)
      this.#ear.feed.push(bytes)
      this.#advance()
      this.#ear.feed.settle()
    }
  }

  /**
   * There are no more pieces; `isWhole`: because all have come. Returns the missing part, if there is one.
   */
  close(isWhole = true): Issue | null {
    const missing = this.#close()
    const ending = this.#task?.ending
    if (missing !== null && ending?._tag === 'Broken') {
      this.meter.fail(this.#below(ending.by.issue))
    }
    if (isWhole) {
      this.meter.end()
    }
    return missing
  }

  #close(): Issue | null {
    if (this.#task?.ending !== null) {
      return null
    }
    this.#ear.feed.end()
    this.#task.advance()
    return this.#missing
  }

  /** Reports the content after all of it has come; `end` is the offset after it. */
  flowed(end: number): void {
    const { side, key } = this.#node
    const { host, turn, within, said, ears } = this.#scope
    const { size } = this.meter
    said.add(key, { value: size, ear: ears[side], start: this.#position, offset: this.#start })
    host.tell({
      kind: 'flowed',
      side,
      key,
      within,
      turn: turn?.turn ?? null,
      start: this.#start,
      end,
      size,
      pieces: this.pieces,
      trailing: this.#taken === null ? 0 : size - this.#taken,
      digest: this.meter.digest(),
    })
  }

  tell(issue: Issue): void {
    this.#scope.host.tell({ kind: 'issue', side: this.#node.side, issue, fatal: false })
  }

  #advance(): void {
    this.#task?.advance()
    const ending = this.#task?.ending ?? null
    if (ending !== null) {
      if (ending._tag === 'Done') {
        this.#taken = this.#ear.feed.offset
      } else {
        const issue = this.#below(ending.by.issue)
        this.meter.fail(issue)
        this.tell(issue)
      }
      this.#ear.feed.drop()
    }
  }

  get #missing(): Issue | null {
    const ending = this.#task?.ending ?? null
    if (ending?._tag !== 'Broken') {
      return null
    }
    const { issue } = ending.by
    if (issue._tag !== 'UnexpectedEnd') {
      return this.#below(issue)
    }
    const { missing: _, ...rest } = issue
    return this.#below({ ...rest, _tag: 'FramesEnd', expected: `${issue.expected} before the end` })
  }

  #below(issue: Issue): Issue {
    return { ...issue, path: [...this.#scope.within, this.#node.key, ...issue.path] }
  }
}
