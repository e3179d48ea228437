import type { Issue } from '../../combinators/issue.js'
import type { CarriedNode } from '../node.js'
import { Ear } from './ear.js'
import type { Meter } from './meter.js'
import { Runs } from './runs.js'
import { type Exit, type Run, Said, type Scope } from './scope.js'
import { Task } from './talk.js'

/** What a side says inside others of its words, in pieces as they come. */
export class Inside {
  readonly meter: Meter
  readonly #node: CarriedNode
  readonly #scope: Scope
  readonly #runs: Runs
  readonly #ear: Ear
  /** Null where nobody looks inside. */
  readonly #task: Task<Exit> | null
  /** The offset of all of it, in the stream and in the feed of its pieces. */
  readonly #start: number
  readonly #position: number
  /** How many bytes what is inside took, once it is over. */
  #taken: number | null = null

  /** `looks`: whether what is inside is followed. */
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

  /** In how many pieces it came. */
  get pieces(): number {
    return this.meter.pieces
  }

  set pieces(count: number) {
    this.meter.pieces = count
  }

  /** Whether what is inside is over, well or not. */
  get isOver(): boolean {
    return this.#task !== null && this.#task.ending !== null
  }

  /** Some bytes, from a position of the ear that hears the pieces on. */
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

  /** No more pieces come; `isWhole`: since there are no more. Returns what is missing, if anything is. */
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

  /** Tells of it when all has come; `end` is the offset behind it. */
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
