import type { Node } from '../../combinators/node.js'
import type { Yaml } from './yaml.js'

/** How a field is read, except its name: the keys of Kaitai Struct. */
export interface Reading {
  readonly type?: Yaml
  readonly size?: Yaml
  readonly 'size-eos'?: true
  readonly contents?: ReadonlyArray<number>
  readonly encoding?: 'UTF-8'
  readonly enum?: string
  readonly if?: string
  readonly repeat?: 'expr' | 'eos' | 'until'
  readonly 'repeat-expr'?: string
  readonly 'repeat-until'?: string
  readonly valid?: Yaml | undefined
}

export interface Field extends Reading {
  readonly id: string
  /** The name in the grammar, if it differs. */
  readonly orig?: string
  readonly doc?: ReadonlyArray<string>
}

/** A type, without its name and its parameters. */
export interface Definition {
  readonly doc: ReadonlyArray<string>
  readonly fields: ReadonlyArray<Field>
  readonly instances?: Yaml
  readonly enums?: Yaml
  /** How a viewer shows a value in one line. */
  readonly shown?: string
}

/** The types of a file. */
export interface Types {
  /** The type of a node for use in a field; `name` is for a node without one of its own. */
  of(node: Node, name: string): string
  /** The name of a node as a part of other names. */
  nameOf(node: Node): string
  /** A type for `key`, made once; `whole` gives its parameters. */
  helper(key: unknown, name: string, whole: Node | null, define: (id: string) => Definition): string
}

const prose = (lines: ReadonlyArray<string> = []): string | undefined => {
  const all = lines.filter((line) => line !== '')
  return all.length === 0 ? undefined : all.map((line) => sentence(line)).join('\n')
}

const sentence = (text: string): string =>
  `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${/[.:]$/.test(text) ? '' : '.'}`

const fieldYaml = ({ id, orig, doc, ...reading }: Field): Yaml => ({
  id,
  '-orig-id': orig === undefined || orig === id ? undefined : orig,
  ...(reading as { readonly [key: string]: Yaml | undefined }),
  doc: prose(doc),
})

/** A definition as it is printed. */
export const definitionYaml = (
  { doc, fields, instances, enums, shown }: Definition,
  params: Yaml | undefined,
): { readonly [key: string]: Yaml | undefined } => ({
  '-webide-representation': shown,
  doc: prose(doc),
  params,
  seq: fields.length === 0 ? undefined : fields.map(fieldYaml),
  instances,
  enums,
})
