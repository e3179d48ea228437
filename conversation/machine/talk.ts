import type { Issue } from '../../combinators/issue.js'
import type { Reading } from '../../interpreters/compile/resumable.js'

/** The part of a feed that is needed to wait for it. */
interface Arriving {
  /** The number of bytes that have come. */
  readonly arrived: number
  readonly ended: boolean
}

/** Waits until this many bytes have come, or no more will. */
export interface Wait {
  readonly feed: Arriving
  readonly target: number
  /** The value that they are of, and where it starts. */
  readonly value?: { readonly reading: Reading<unknown>; readonly start: number }
}

/** Anything besides bytes that can be awaited: a turn, a promise, room. */
export class Bell {
  arrived = 0
  readonly ended = false

  ring(): void {
    this.arrived++
  }

  /** Waits until it rings again. */
  next(): ReadonlyArray<Wait> {
    return [{ feed: this, target: this.arrived + 1 }]
  }
}

/** An issue whose extent is known, found on the way. */
export interface Note {
  readonly feed: Arriving
  /** Null for issues that are only counted. */
  readonly issue: Issue | null
  readonly omitted: number
}

/** A reading that may pause; it yields what it waits for, any of them, and the issues it finds. */
export type Talk<A> = Generator<ReadonlyArray<Wait> | Note, A, void>

export const noteOf = (feed: Arriving, issue: Issue): Note => ({ feed, issue, omitted: 0 })

/** Whether a talk reports an issue, without waiting. */
export const isNote = (step: ReadonlyArray<Wait> | Note): step is Note => 'feed' in step

/**
 * The stream breaks the protocol. Thrown inside; a session reports it as an event. It is no error, since one takes the
 * stack each time.
 */
export class Break {
  readonly feed: Arriving
  readonly issue: Issue
  /** This one, and those of other streams that were read at once. */
  readonly all: ReadonlyArray<Break>

  constructor(feed: Arriving, issue: Issue, beside: ReadonlyArray<Break> = []) {
    this.feed = feed
    this.issue = issue
    this.all = [this, ...beside]
  }
}

/** The first of several breaks, with the others attached. */
export const joinedBreak = ([first, ...beside]: ReadonlyArray<Break>): Break => {
  if (first === undefined) {
    throw new Error('there is no break')
  }
  return new Break(first.feed, first.issue, beside)
}

/** How a talk ended. */
export type Ending<A> =
  | { readonly _tag: 'Done'; readonly value: A }
  | { readonly _tag: 'Broken'; readonly by: Break }

const isReady = ({ feed, target }: Wait): boolean => feed.ended || feed.arrived >= target

/** A talk that is continued whenever there is something for it. */
export class Task<A> {
  ending: Ending<A> | null = null
  waits: ReadonlyArray<Wait> = []
  readonly #talk: Talk<A>
  #isReady = true

  constructor(talk: Talk<A>) {
    this.#talk = talk
  }

  /** Goes on as far as the bytes reach. */
  advance(take: (note: Note) => void = () => {}): void {
    for (let note = this.#step(); note !== null; note = this.#step()) {
      take(note)
    }
  }

  /** The same, step by step: the issues it finds. */
  *steps(): Generator<Note, void> {
    for (let note = this.#step(); note !== null; note = this.#step()) {
      yield note
    }
  }

  /** Goes on to the next issue; null if it waits, or has ended. */
  #step(): Note | null {
    try {
      while (this.ending === null && (this.#isReady || this.waits.some(isReady))) {
        this.#isReady = false
        const step = this.#talk.next()
        if (step.done === true) {
          this.#end({ _tag: 'Done', value: step.value })
        } else if (isNote(step.value)) {
          this.#isReady = true
          return step.value
        } else {
          this.waits = step.value
        }
      }
    } catch (error) {
      this.#end({ _tag: 'Broken', by: breakOf(error) })
    }
    return null
  }

  /** What has ended waits for nothing. */
  #end(ending: Ending<A>): void {
    this.ending = ending
    this.waits = []
  }
}

/** A talk whose break is both reported and thrown. */
export function* toldIfBroken<A>(talk: Talk<A>, tell: (issue: Issue) => void): Talk<A> {
  try {
    return yield* talk
  } catch (error) {
    tell(breakOf(error).issue)
    throw error
  }
}

const breakOf = (error: unknown): Break => {
  if (error instanceof Break) {
    return error
  }
  throw error
}

/** A talk whose break is returned as a value. */
export function* settled<A>(talk: Talk<A>): Talk<Ending<A>> {
  try {
    return { _tag: 'Done', value: yield* talk }
  } catch (error) {
    return { _tag: 'Broken', by: breakOf(error) }
  }
}

/** The value of a talk that has succeeded; otherwise its break is thrown again. */
export const orBreak = <A>(ending: Ending<A>): A => {
  if (ending._tag === 'Broken') {
    throw ending.by
  }
  return ending.value
}

/** A talk that ignores notes: it only tries. */
export function* unnoted<A>(talk: Talk<A>): Talk<A> {
  for (;;) {
    const step = talk.next()
    if (step.done === true) {
      return step.value
    }
    if (!isNote(step.value)) {
      yield step.value
    }
  }
}
