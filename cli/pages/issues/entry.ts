/** An example that the page decodes, or encodes, to print its issue. The grammar and the value are expressions. */
export interface MadeExample {
  readonly grammar: string
  /** The bytes to decode, as hex digits, or the value to encode. */
  readonly given: { readonly bytes: string } | { readonly value: string }
  /** The other arguments of `compile`: protocol and options. */
  readonly more?: string
}

/** The contents of the page of an issue. */
export interface IssueEntry {
  /** A sentence, for lists. */
  readonly line: string
  /** Whose fault it is; the sender's if it is not given. */
  readonly fault?: 'the sender' | 'your program' | 'the transport'
  readonly meaning: string
  /** An example made by the page, or lines of TypeScript with their output. */
  readonly example: MadeExample | ReadonlyArray<string>
  readonly rule: string
  readonly remedies: ReadonlyArray<string>
}
