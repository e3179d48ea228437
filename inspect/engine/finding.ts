import { hexBytes } from './hex-text.js'
import { type Item, rowMentions, type Span, type StreamIndex } from './item.js'
import { type ItemPath, isSame, type Outline } from './outline.js'
import type { Shown } from './row-data.js'
import { type Needle, needleOfText, placeOf } from './search-bytes.js'
import { after, before, type Step } from './walk.js'

/** A search, and where it starts. */
export interface Query {
  readonly text: string
  /** Searches the texts of rows, or the bytes: for a text, or for hex digits. */
  readonly how: 'fields' | 'text' | 'bytes'
  readonly backward: boolean
  /** The selected item; empty for none. */
  readonly path: ItemPath
  /** The byte of the cursor. */
  readonly at: { readonly stream: StreamIndex; readonly offset: number } | null
}

export type Found =
  | { readonly _tag: 'Found'; readonly shown: Shown; readonly bytes: Span | null }
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Stopped' }
  /** What is looked for is not clear. */
  | { readonly _tag: 'Unclear'; readonly problem: string }

export type Place = { readonly path: ItemPath } | { readonly bytes: Span }

// The milliseconds for which a search blocks other answers.
const slice = 50
const stretch = 2 ** 20

/** Runs searches, one at a time. */
export class Finder {
  #turn = 0

  /** Ends the current search. */
  stop(): void {
    this.#turn++
  }

  /** The next place, going round; null if there is none, `stopped` if another search has started since. */
  async find(
    query: Query,
    root: Item,
    outline: Outline,
    streams: ReadonlyArray<Uint8Array>,
  ): Promise<Place | null | 'stopped'> {
    const turn = ++this.#turn
    const places =
      query.how === 'fields' ? fields(query, root, outline) : bytes(query, needleOf(query), streams)
    for (let start = performance.now(); ; ) {
      const { value: place } = places.next()
      if (place === undefined || place !== null) {
        return place ?? null
      }
      if (performance.now() - start > slice) {
        await new Promise((resume) => setTimeout(resume))
        if (turn !== this.#turn) {
          return 'stopped'
        }
        start = performance.now()
      }
    }
  }
}

const needleOf = ({ how, text }: Query): Needle =>
  how === 'bytes' ? { bytes: hexBytes(text) ?? new Uint8Array(), anyCase: false } : needleOfText(text)

/** Why a query is invalid; null if it is not. */
export const problemWith = ({ how, text }: Query): string | null =>
  text === ''
    ? 'There is nothing to look for.'
    : how === 'bytes' && hexBytes(text) === null
      ? 'Bytes are pairs of hex digits, such as 2f6e6978.'
      : null

/** A place for each item whose row contains the text, and null for each other item. */
function* fields(query: Query, root: Item, outline: Outline): Generator<Place | null, undefined> {
  const wanted = query.text.toLowerCase()
  const { path: from, backward } = query
  const { lens } = outline
  const place = ([path, item]: Step): Place | null => (rowMentions(item, wanted) ? { path } : null)
  for (const step of backward ? before(root, [], from, lens) : after(root, [], from, lens)) {
    yield place(step)
  }
  // Continue from the other end, up to the start.
  for (const step of backward ? before(root, [], null, lens) : after(root, [], [], lens)) {
    yield place(step)
    if (isSame(step[0], from)) {
      return undefined
    }
  }
  return undefined
}

/** The same for the places of some bytes. */
function* bytes(
  { backward, at }: Query,
  needle: Needle,
  streams: ReadonlyArray<Uint8Array>,
): Generator<Place | null, undefined> {
  const first = at?.stream ?? 0
  const by = backward ? -1 : 1
  for (let turn = 0; turn <= streams.length; turn++) {
    const stream = ((first + by * turn + 2 * streams.length) % streams.length) as StreamIndex
    const all = streams[stream] as Uint8Array
    const start = turn === 0 && at !== null ? at.offset + by : backward ? all.length - 1 : 0
    for (let from = start; from >= 0 && from < all.length; from += by * stretch) {
      const to = Math.max(-1, Math.min(all.length, from + by * stretch))
      const found = placeOf(all, needle, from, to, by)
      yield found === -1 ? null : { bytes: { stream, start: found, end: found + needle.bytes.length } }
    }
  }
  return undefined
}
