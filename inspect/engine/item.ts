import { type Details, detailsOf } from './plain-text.js'

/** Which bytes: those of a message or of a session's client (0), or those of a session's daemon (1). */
export type StreamIndex = 0 | 1

/** The bytes `[start, end)` of a stream. */
export interface Span {
  readonly stream: StreamIndex
  readonly start: number
  readonly end: number
}

/** Both sides of a session, whole. */
export interface Streams {
  readonly client: Uint8Array
  readonly server: Uint8Array
}

export type Kind = 'part' | 'handshake' | 'operation' | 'message' | 'group' | 'issue' | 'end'

export type Tone = 'plain' | 'note' | 'good' | 'wrong'

/** What a row of the outline shows. */
export interface Shown {
  readonly kind: Kind
  readonly name: string
  /** The name of its grammar, or a word in its place. */
  readonly grammar: string
  /** What tells it from its neighbours: the path that is asked for, the name of an entry; else empty. */
  readonly about: string
  /** Its value on one line; empty where its children say it. */
  readonly value: string
  /** When it was; empty where that is not known. */
  readonly when: string
  readonly tone: Tone
  /** What is wrong with it, where it has no item of its own for that; else empty. */
  readonly flaw: string
  readonly spans: ReadonlyArray<Span>
}

/** Something with a row in the outline: a part of a message, or what happened in a session. */
export interface Item extends Shown {
  /** How many children it has. They are made when they are asked for. */
  readonly count: number
  child(index: number): Item
  /** The child that a byte belongs to. */
  childAt(stream: StreamIndex, offset: number): number | null
  /** Which children say something, if others only frame these; else null. */
  telling(): ReadonlyArray<number> | null
  /** Whether a text is in it or in what it is made of. The text has small letters only. */
  mentions(text: string): boolean
  /** Its value for people: all of it, or the start of a long one. */
  details(all: boolean): Details
}

export const holds = ({ spans }: Pick<Item, 'spans'>, stream: StreamIndex, offset: number): boolean =>
  spans.some((span) => span.stream === stream && span.start <= offset && offset < span.end)

/** Whether a text is in what a row shows. */
export const rowMentions = ({ name, grammar, about, value, flaw }: Shown, text: string): boolean =>
  [name, grammar, about, value, flaw].some((shown) => shown.toLowerCase().includes(text))

interface Given extends Partial<Shown> {
  readonly kind: Kind
  readonly children?: () => ReadonlyArray<Item>
  /** Its value for people; else that of the row. */
  readonly details?: () => string
}

/** An item whose children are few. */
export const itemOf = ({ children, details, ...given }: Given): Item => {
  let made: ReadonlyArray<Item> | null = null
  const all = (): ReadonlyArray<Item> => {
    made ??= children?.() ?? []
    return made
  }
  const item: Item = {
    name: '',
    grammar: '',
    about: '',
    value: '',
    when: '',
    tone: 'plain',
    flaw: '',
    spans: [],
    ...given,
    get count() {
      return all().length
    },
    child: (index) => all()[index] as Item,
    childAt: (stream, offset) => {
      const index = all().findIndex((each) => holds(each, stream, offset))
      return index === -1 ? null : index
    },
    telling: () => null,
    mentions: (text) => rowMentions(item, text) || all().some((child) => child.mentions(text)),
    details: (whole) => detailsOf(details?.() ?? given.value ?? '', whole),
  }
  return item
}
