import {
  compile,
  enumOf,
  explain,
  hexOf,
  type Issue,
  listOf,
  struct,
  type TypeOf,
  u8,
  utf8,
} from '../../../index.js'

const Tea = struct('Tea', {
  leaf: utf8,
  milk: enumOf(u8, { None: 0, Drops: 1, Half: 2 }),
  minutes: listOf(u8),
})

const codec = compile(Tea)

const cup: TypeOf<typeof Tea> = { leaf: 'assam', milk: 'Drops', minutes: [3, 5] }

/** The bytes that the example starts with. */
export const wholeTea = (): Uint8Array => {
  const bytes = codec.encode(cup)
  return bytes._tag === 'Right' ? bytes.right : new Uint8Array()
}

/** A change of one byte, and the rule that it breaks. */
export interface Break {
  readonly title: string
  readonly at: number
  readonly byte: number
}

export const breaks: ReadonlyArray<Break> = [
  { title: 'a padding byte', at: 0x0f, byte: 0x2a },
  { title: 'a text', at: 0x09, byte: 0xff },
  { title: 'a tag', at: 0x10, byte: 0x07 },
  { title: 'a count', at: 0x18, byte: 0x09 },
  { title: 'an integer', at: 0x21, byte: 0x01 },
]

/** The result of the codec: the value, or the issue. */
export type Reading =
  | { readonly is: 'value'; readonly text: string }
  | { readonly is: 'issue'; readonly text: string; readonly issue: Issue }

export const readTea = (bytes: Uint8Array): Reading => {
  const result = codec.decode(bytes)
  if (result._tag === 'Left') {
    return { is: 'issue', issue: result.left, text: explain(result.left, { bytes, start: 0 }) }
  }
  const { leaf, milk, minutes } = result.right
  return {
    is: 'value',
    text: `{ leaf: ${JSON.stringify(leaf)}, milk: '${milk}', minutes: [${minutes.join(', ')}] }`,
  }
}

/** The bytes as hexadecimal digits, two for each. */
export const digitsOf = (bytes: Uint8Array): ReadonlyArray<string> => hexOf(bytes).match(/../g) ?? []
