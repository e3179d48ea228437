import type { Node } from '../../combinators/node.js'
import type { Yaml } from './yaml.js'

/** What is read of a field, but for its name: the keys of Kaitai Struct. */
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

/** A type, but for its name and what it is told of the protocol. */
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
  /** The type of a node as a field says it; `name` is for one that has no name of its own. */
  of(node: Node, name: string): string
  /** What a node is called in the names of others. */
  nameOf(node: Node): string
  /** A type that belongs to what `key` stands for, made once; `whole` says what it is told of the protocol. */
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
