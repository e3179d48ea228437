import type { ChoiceNode, GatedNode, Node } from '../../combinators/node.js'
import type { Agreed } from '../../combinators/protocol.js'
import { armUnder } from '../../combinators/resolved.js'
import type { Label } from '../../conversation/node.js'

type Fields = ReadonlyArray<string>

/** What a gated node stands for; features that no side has named do not hold. */
export const armOf = (node: GatedNode, { features = [], ...agreed }: Partial<Agreed>): Node =>
  armUnder(node, { ...agreed, features } as Agreed)

/** Another node for the one at a place; null if the place cannot have one. */
type Change = (at: Node) => Node | null

/**
 * The grammar with another node at a place in its value. Null if a function is in between, so that the place is
 * unknown.
 */
export const placed = (node: Node, fields: Fields, agreed: Agreed, change: Change): Node | null => {
  switch (node._tag) {
    case 'gated':
      return placed(armOf(node, agreed), fields, agreed, change)
    case 'lazy':
      return placed(node.get(), fields, agreed, change)
    case 'framed': {
      const inner = placed(node.inner, fields, agreed, change)
      return inner === null ? null : { ...node, inner }
    }
    default:
      return fields.length === 0 ? change(node) : inField(node, fields, agreed, change)
  }
}

const inField = (node: Node, fields: Fields, agreed: Agreed, change: Change): Node | null => {
  const [field, ...deeper] = fields
  switch (node._tag) {
    case 'struct': {
      const found = node.fields.find(({ key, fixed }) => String(key) === field && fixed === undefined)
      const made = found === undefined ? null : placed(found.node, deeper, agreed, change)
      return made === null
        ? null
        : { ...node, fields: node.fields.map((each) => (each === found ? { ...each, node: made } : each)) }
    }
    case 'choice':
      return node.shape._tag === 'tagged' && field !== node.shape.key
        ? inBodies(node, fields, agreed, change)
        : node.shape._tag === 'option' && field === 'value'
          ? inSome(node, deeper, agreed, change)
          : null
    default:
      return null
  }
}

/** Changes the cases that have the field; the others stay unchanged. */
const inBodies = (node: ChoiceNode, fields: Fields, agreed: Agreed, change: Change): Node | null => {
  let isThere = false
  const cases = node.cases.map((each) => {
    const body = each.body === undefined ? null : placed(each.body, fields, agreed, change)
    isThere ||= body !== null
    return body === null ? each : { ...each, body }
  })
  return isThere ? { ...node, cases } : null
}

const inSome = (node: ChoiceNode, deeper: Fields, agreed: Agreed, change: Change): Node | null => {
  const [none, some, ...others] = node.cases
  const body = some?.body === undefined ? null : placed(some.body, deeper, agreed, change)
  return none === undefined || some === undefined || body === null
    ? null
    : { ...node, cases: [none, { ...some, body }, ...others] }
}

/** The grammar whose values have this label at the place; null if no grammar can express that. */
export const labelled = (
  node: Node,
  fields: Fields,
  label: Label,
  agreed: Agreed,
  constant: (at: Node) => Node,
): Node | null => {
  const tag = fields.at(-1)
  const isTag = (at: Node): boolean =>
    at._tag === 'choice' &&
    ((at.shape._tag === 'tagged' && at.shape.key === tag) || (at.shape._tag === 'option' && tag === '_tag'))
  const byTag =
    tag === undefined
      ? null
      : placed(node, fields.slice(0, -1), agreed, (at) =>
          at._tag === 'choice' && isTag(at) ? onlyCase(at, label) : null,
        )
  return (
    byTag ??
    placed(node, fields, agreed, (at) =>
      at._tag === 'choice'
        ? at.shape._tag === 'enum' && at.rest === undefined
          ? onlyCase(at, label)
          : null
        : at._tag === 'int' || at._tag === 'bool' || (at._tag === 'text' && at.format === null)
          ? constant(at)
          : null,
    )
  )
}

const onlyCase = (node: ChoiceNode, label: Label): Node | null => {
  const { rest, ...others } = node
  if (node.shape._tag === 'option') {
    // The first case is none, whatever its name.
    const kept = node.cases.filter((_, i) => (i === 0 ? label === 'None' : label === 'Some'))
    return label === 'Some' ? { ...node, cases: [node.cases[0]!, ...kept] } : { ...others, cases: kept }
  }
  const cases = node.cases.filter(({ name }) => name === label)
  return cases.length > 0
    ? { ...others, cases }
    : typeof rest === 'object' && rest.name === label
      ? { ...node, cases: node.cases }
      : null
}
