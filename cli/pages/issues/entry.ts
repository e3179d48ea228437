/** An example that the page decodes, or encodes, to print its issue. The grammar and the value are expressions. */
export interface MadeExample {
  readonly grammar: string
  /** What is decoded, as hexadecimal digits, or what is encoded. */
  readonly given: { readonly bytes: string } | { readonly value: string }
  /** The other arguments of `compile`, if there are any: protocol and options. */
  readonly more?: string
}

/** What the page of an issue says. */
export interface IssueEntry {
  /** One sentence, for lists. */
  readonly line: string
  readonly meaning: string
  /** One made by the page, or lines of TypeScript that say themselves what they print. */
  readonly example: MadeExample | ReadonlyArray<string>
  readonly rule: string
  readonly remedies: ReadonlyArray<string>
}
