import type { AnyGrammar, Node } from '../../combinators/node.js'
import type { TextFormat } from '../../combinators/text-format.js'

/** The grammars that have their own section, by its title. */
export type Names = ReadonlyMap<string, AnyGrammar>

export const noNames: Names = new Map()

const anchor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')

export const linkTo = (name: string): string => `[${name}](#${anchor(name)})`

/** A link to a node's own section; null if it has none, also if another node of its name has one. */
export const linkOf = (node: Node, names: Names): string | null =>
  node.name !== undefined && names.get(node.name)?.node === node ? linkTo(node.name) : null

/** A link to the section about texts of this format; null if there is none. */
export const linkOfFormat = (format: TextFormat<unknown>, names: Names): string | null => {
  const node = names.get(format.name)?.node
  return node?._tag === 'text' && node.format === format ? linkTo(format.name) : null
}
