import type { Gate } from '../../combinators/gate.js'
import { type Node, nodeName, type StructNode } from '../../combinators/node.js'

/** The names that have a section of their own on the page. */
export type Names = ReadonlySet<string>

export const noNames: Names = new Set()

const anchor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')

/** A name, with a link where it has a section. */
export const link = (name: string, names: Names): string =>
  names.has(name) ? `[${name}](#${anchor(name)})` : `\`${name}\``

/** A node where another refers to it: its name, or what it is made of. */
export const reference = (node: Node, names: Names): string => {
  if (node.name !== undefined && node._tag !== 'gated' && (names.has(node.name) || !isMadeOf(node))) {
    return link(node.name, names)
  }
  const to = (inner: Node): string => reference(inner, names)
  switch (node._tag) {
    case 'int':
    case 'bool':
      return `\`${nodeName(node)}\``
    case 'bytes':
      return node.length === 'padded' ? 'padded bytes' : `${node.length} bytes`
    case 'text':
      return link(nodeName(node), names)
    case 'struct':
      if (isFixedList(node)) {
        return `List of exactly ${node.fields.length} ${to(node.fields[0]!.node)}`
      }
      return node.shape === 'tuple'
        ? `(${node.fields.map((field) => to(field.node)).join(', ')})`
        : node.fields.map(({ key, node: field }) => `${String(key)} :: ${to(field)}`).join(', ')
    case 'sequence':
      return node.kind === 'map'
        ? `Map of ${to(node.key)} to ${to(node.item)}`
        : `${node.kind === 'set' ? 'Set' : 'List'} of ${to(node.item)}`
    case 'choice':
      return `one of ${node.cases.map(({ name }) => name).join(', ')}`
    case 'gated':
      if (node.name !== undefined && names.has(node.name)) {
        return link(node.name, names)
      }
      return [
        ...node.arms.map((arm) => `${to(arm.node)} (if ${showGate(arm.gate)})`),
        ...(node.otherwise._tag === 'pure' ? [] : [`${to(node.otherwise)} (otherwise)`]),
      ].join(', ')
    case 'pure':
      return 'nothing'
    case 'lazy':
      return to(node.get())
    case 'imap':
      return to(node.inner)
    case 'until':
      return `items of ${to(node.item)}, ${showMark(node.next)} before each and ${showMark(node.end)} at the end`
    case 'framed':
      return `frames that hold ${to(node.inner)}`
  }
}

/** Whether a tuple is a list of fixed length: one item again and again. */
export const isFixedList = ({ shape, fields }: StructNode): boolean =>
  shape === 'tuple' &&
  fields.length > 1 &&
  fields.every(({ node, fixed }) => node === fields[0]!.node && fixed === undefined)

/** Whether a reference can say what a node without a section is made of. Of a signed integer its name says more. */
const isMadeOf = (node: Node): boolean => {
  const { _tag } = node
  return _tag === 'imap'
    ? node.json !== 'number' && node.json !== 'bigint'
    : _tag === 'sequence' || _tag === 'lazy' || _tag === 'until' || _tag === 'framed'
}

export const showMark = (mark: unknown): string => `\`${String(mark)}\``

/** A value as a default or a constant is written on the page. */
export const showDefault = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? `\`${value}\`` : String(value)
  }
  if (Array.isArray(value) || value instanceof Map) {
    return 'empty'
  }
  return '_tag' in value && value._tag === 'None' ? 'none' : 'see the text'
}

/** A gate in words that go behind "if". */
export const showGate = (gate: Gate): string => {
  switch (gate._tag) {
    case 'since':
      return `protocol version is ${gate.version} or above`
    case 'before':
      return `protocol version is below ${gate.version}`
    case 'feature':
      return `feature ${gate.feature} is agreed on`
    case 'allOf':
      return gate.gates.map(showGate).join(' and ')
    case 'anyOf':
      return showAny(gate.gates)
    case 'not':
      return `not (${showGate(gate.gate)})`
  }
}

const showAny = (gates: ReadonlyArray<Gate>): string => {
  const features = gates.flatMap((gate) => (gate._tag === 'feature' ? [gate.feature] : []))
  return features.length === gates.length && features.length > 2
    ? `one of the features ${features.slice(0, -1).join(', ')} and ${features.at(-1)} is agreed on`
    : gates.map(showGate).join(' or ')
}
