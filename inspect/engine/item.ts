import { type Details, detailsOf } from './plain-text.js'

/** A stream: of a message or of a session's client (0), or of a session's daemon (1). */
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

/** The contents of a row in the outline. */
export interface Shown {
  readonly kind: Kind
  readonly name: string
  /** The name of its grammar, or another word. */
  readonly grammar: string
  /**
   * What distinguishes it from its neighbours, such as the requested path or the name of an entry; otherwise empty.
   */
  readonly about: string
  /** Its value on one line; empty if the children show it. */
  readonly value: string
  /** When it was; empty if that is not known. */
  readonly when: string
  readonly tone: Tone
  /** Its issue, if there is no item for that; otherwise empty. */
  readonly flaw: string
  readonly spans: ReadonlyArray<Span>
}

/** Something with a row in the outline: a part of a message, or an event of a session. */
export interface Item extends Shown {
  /** The number of children. They are made on demand. */
  readonly count: number
  child(index: number): Item
  /** The child that contains a byte. */
  childAt(stream: StreamIndex, offset: number): number | null
  /** The children with contents, if the others are only framing; otherwise null. */
  telling(): ReadonlyArray<number> | null
  /** Whether a text occurs in it or in its parts. The text is in lower case. */
  mentions(text: string): boolean
  /** Its value for people, whole or cut. */
  details(all: boolean): Details
}

export const holds = ({ spans }: Pick<Item, 'spans'>, stream: StreamIndex, offset: number): boolean =>
  spans.some((span) => span.stream === stream && span.start <= offset && offset < span.end)

/** Whether a text occurs in the contents of a row. */
export const rowMentions = ({ name, grammar, about, value, flaw }: Shown, text: string): boolean =>
  [name, grammar, about, value, flaw].some((shown) => shown.toLowerCase().includes(text))

interface Given extends Partial<Shown> {
  readonly kind: Kind
  readonly children?: () => ReadonlyArray<Item>
  /** Its value for people; otherwise that of the row. */
  readonly details?: () => string
}

/** An item with few children. */
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
