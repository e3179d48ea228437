import type { Timing } from '../../session/timed/timed-session.js'
import { holds, type Item, type Shown, type StreamIndex } from './item.js'
import { startedBy } from './nearest.js'
import { type Details, detailsOf } from './plain-text.js'

/** An event of a session whose row has not been made yet. */
export interface Happening extends Pick<Shown, 'kind' | 'name' | 'tone' | 'spans'> {
  /** Null if it is not known. */
  readonly time: Timing | null
  mentions(text: string): boolean
  item(): Item
}

/** An entry whose item exists already. */
export const happeningOf = (item: Item, time: Timing | null = null): Happening => ({
  kind: item.kind,
  name: item.name,
  tone: item.tone,
  spans: item.spans,
  time,
  mentions: (text) => item.mentions(text),
  item: () => item,
})

// More than fit on the screen. Opened rows keep their own items.
const mostMade = 512

/** The bytes of one stream, in order. */
class Lane {
  readonly #starts: Array<number> = []
  readonly #indexes: Array<number> = []
  /** The highest end of all entries up to this one. */
  readonly #ends: Array<number> = []

  add(start: number, end: number, index: number): void {
    const at = startedBy(this.#starts.length, (each) => this.#starts[each] as number, start)
    this.#starts.splice(at, 0, start)
    this.#indexes.splice(at, 0, index)
    this.#ends.splice(at, 0, 0)
    for (let each = at; each < this.#ends.length; each++) {
      this.#ends[each] = Math.max(this.#ends[each] as number, this.#ends[each - 1] ?? 0, end)
    }
  }

  /** All entries that may contain a byte, the nearest first. */
  *before(offset: number): Generator<number> {
    const started = startedBy(this.#starts.length, (each) => this.#starts[each] as number, offset)
    for (let at = started - 1; at >= 0 && (this.#ends[at] as number) > offset; at--) {
      yield this.#indexes[at] as number
    }
  }
}

/** A session as an item: its children are its events, each made on demand. */
export class Timeline implements Item {
  readonly kind = 'group'
  readonly name = ''
  readonly grammar = ''
  readonly about = ''
  readonly value = ''
  readonly when = ''
  readonly tone = 'plain'
  readonly flaw = ''
  readonly spans = []
  readonly happenings: Array<Happening> = []
  readonly #lanes = [new Lane(), new Lane()] as const
  readonly #issues: Array<number> = []
  readonly #made = new Map<number, Item>()

  add(happening: Happening): void {
    const index = this.happenings.push(happening) - 1
    if (happening.kind === 'issue') {
      this.#issues.push(index)
      return
    }
    for (const { stream, start, end } of happening.spans) {
      this.#lanes[stream].add(start, end, index)
    }
  }

  get count(): number {
    return this.happenings.length
  }

  child(index: number): Item {
    const made = this.#made.get(index)
    if (made !== undefined) {
      return made
    }
    const item = (this.happenings[index] as Happening).item()
    this.#made.set(index, item)
    const [oldest] = this.#made.keys()
    if (this.#made.size > mostMade && oldest !== undefined) {
      this.#made.delete(oldest)
    }
    return item
  }

  /** The byte of an issue belongs to the issue, not to the event around it. */
  childAt(stream: StreamIndex, offset: number): number | null {
    const isIn = (index: number): boolean => holds(this.happenings[index] as Happening, stream, offset)
    const issue = this.#issues.find(isIn)
    if (issue !== undefined) {
      return issue
    }
    for (const index of this.#lanes[stream].before(offset)) {
      if (isIn(index)) {
        return index
      }
    }
    return null
  }

  telling(): null {
    return null
  }

  mentions(text: string): boolean {
    return this.happenings.some((happening) => happening.mentions(text))
  }

  details(all: boolean): Details {
    return detailsOf('', all)
  }
}
