import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { Issue } from '../combinators/issue.js'
import { Feed } from '../conversation/machine/feed.js'
import { Break, type Note, type Talk, Task } from '../conversation/machine/talk.js'
import { Int } from '../grammar/integers.js'
import type { Stream } from '../grammar/operations/operation.js'
import type { Plans } from '../interpreters/compile/resumable.js'
import type { ContentSummary, StreamSummary } from './events.js'

// Of longer streams the places of the latest pieces are known, which an issue is nearly always about.
const placesKept = 4096

/** Where the pieces of a content lie in the stream that carries them. */
class Places {
  #starts: Array<number> = []
  #offsets: Array<number> = []

  add(position: number, offset: number): void {
    if (this.#starts.length >= placesKept) {
      this.#starts = this.#starts.slice(placesKept / 2)
      this.#offsets = this.#offsets.slice(placesKept / 2)
    }
    this.#starts.push(position)
    this.#offsets.push(offset)
  }

  /** The offset of a byte of the content; null where it is no longer known. */
  of(position: number): number | null {
    const index = this.#starts.findLastIndex((start) => start <= position)
    return index === -1 ? null : this.#offsets[index]! + position - this.#starts[index]!
  }
}

/** Content that another stream carries in pieces: frames, answers to `Read` or `Write` messages. */
export class Carrier {
  readonly #stream: Stream
  readonly #feed = new Feed()
  readonly #task: Task<ContentSummary>
  readonly #places = new Places()
  #notes: Array<Note> = []
  #pieces = 0
  #size = 0
  /** How much of it the content took, once it is over. */
  #taken = -1
  /** Where the last piece ends in the stream that carries it, or the mark that ends the pieces stands. */
  #end = 0

  constructor(stream: Stream, read: (feed: Feed) => Talk<ContentSummary>) {
    this.#stream = stream
    this.#task = new Task(read(this.#feed))
  }

  get isOpened(): boolean {
    return this.#pieces > 0
  }

  /** One more piece begins. */
  open(): void {
    this.#pieces++
  }

  /** Bytes of the piece that is open, and where they lie. */
  push(bytes: Uint8Array, offset: number): void {
    this.#places.add(this.#size, offset)
    this.#size += bytes.length
    this.#end = offset + bytes.length
    this.#feed.push(bytes)
    this.#advance()
    this.#feed.settle()
  }

  /** No more pieces come; `offset` is where that is said. */
  end(offset = this.#end): void {
    this.#end = offset
    this.#feed.end()
    this.#advance()
  }

  /** What has come, after the end. */
  get summary(): StreamSummary {
    const { direction, way, content: expected } = this.#stream
    const content = this.#content
    const trailing = content._tag === 'Some' && this.#taken !== -1 ? this.#size - this.#taken : 0
    return { direction, way, expected, pieces: this.#pieces, size: this.#size, content, trailing }
  }

  /** What is wrong with the content, in terms of the stream that carries it. */
  get issue(): Option<Issue> {
    const ending = this.#task.ending
    if (ending?._tag !== 'Broken') {
      return none
    }
    const { issue } = ending.by
    const offset = this.#places.of(issue.offset) ?? this.#end
    if (issue._tag !== 'UnexpectedEnd') {
      return some({ ...issue, offset })
    }
    const { expected, actual, path, grammar } = issue
    return some({
      _tag: 'FramesEnd',
      offset: this.#size === issue.offset ? this.#end : offset,
      path,
      expected: `${expected} before the end of the upload`,
      actual,
      grammar,
    })
  }

  /** What was found in the content and does not end it, since this was asked last; `feed` is what carries it. */
  *notes(feed: Feed): Talk<void> {
    const notes = this.#notes
    this.#notes = []
    for (const { issue, omitted } of notes) {
      yield { feed, issue, omitted }
    }
  }

  get #content(): Option<ContentSummary> {
    return this.#task.ending?._tag === 'Done' ? some(this.#task.ending.value) : none
  }

  #advance(): void {
    this.#task.advance(({ feed, issue, omitted }) => {
      const found = issue === null ? null : { ...issue, offset: this.#places.of(issue.offset) ?? this.#end }
      this.#notes.push({ feed, issue: found, omitted })
    })
    if (this.#task.ending !== null) {
      if (this.#taken === -1) {
        this.#taken = this.#feed.offset
      }
      this.#feed.drop()
    }
  }
}

/** Frames up to the end frame. */
export function* readFrames(feed: Feed, plans: Plans, carrier: Carrier): Talk<void> {
  for (;;) {
    const start = feed.offset
    const length = yield* feed.read(Int, plans)
    if (length === 0) {
      carrier.end(start)
      yield* carrier.notes(feed)
      return
    }
    carrier.open()
    let left = length
    while (left > 0) {
      const { offset } = feed
      const bytes = yield* feed.some(left)
      if (bytes.length === 0) {
        carrier.end()
        yield* carrier.notes(feed)
        throw new Break(feed, {
          _tag: 'UnexpectedEnd',
          offset: start,
          path: [],
          expected: `${8 + length} bytes`,
          actual: `${8 + length - left} bytes`,
          grammar: 'frame',
          missing: left,
        })
      }
      carrier.push(bytes, offset)
      yield* carrier.notes(feed)
      left -= bytes.length
    }
  }
}
