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

/** Something with a row in the outline: a part of a message, or what happened in a session. */
export interface Item {
  readonly kind: Kind
  readonly name: string
  /** The name of its grammar, or a word in its place. */
  readonly grammar: string
  /** Its value on one line; empty where its children say it. */
  readonly value: string
  readonly tone: Tone
  /** What is wrong with it, where it has no item of its own for that; else empty. */
  readonly flaw: string
  readonly spans: ReadonlyArray<Span>
  /** How many children it has. They are made when they are asked for. */
  readonly count: number
  child(index: number): Item
  /** The child that a byte belongs to. */
  childAt(stream: StreamIndex, offset: number): number | null
  /** All of its value, for people. */
  details(): string
}

export const holds = ({ spans }: Item, stream: StreamIndex, offset: number): boolean =>
  spans.some((span) => span.stream === stream && span.start <= offset && offset < span.end)

interface Given extends Partial<Omit<Item, 'count' | 'child' | 'childAt'>> {
  readonly kind: Kind
  readonly children?: () => ReadonlyArray<Item>
}

/** An item whose children are few. */
export const itemOf = ({ children, ...given }: Given): Item => {
  let made: ReadonlyArray<Item> | null = null
  const all = (): ReadonlyArray<Item> => {
    made ??= children?.() ?? []
    return made
  }
  return {
    name: '',
    grammar: '',
    value: '',
    tone: 'plain',
    flaw: '',
    spans: [],
    details: () => given.value ?? '',
    ...given,
    get count() {
      return all().length
    },
    child: (index) => all()[index] as Item,
    childAt: (stream, offset) => {
      const index = all().findIndex((each) => holds(each, stream, offset))
      return index === -1 ? null : index
    },
  }
}
