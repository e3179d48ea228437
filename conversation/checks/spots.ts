import { type AnyGrammar, type ChoiceNode, type Node, nodeName } from '../../combinators/node.js'
import { partsOf } from '../../combinators/parts.js'
import { oneOf, show } from '../../combinators/show.js'
import type { Label } from '../node.js'

/**
 * The grammar at a place. `names`: the tag of a choice, which is the name of a case. `flowing`: streamed bytes, which
 * have no value. `unknown`: the result of a function.
 */
export type Spot =
  | { readonly _tag: 'node'; readonly node: Node }
  | { readonly _tag: 'names'; readonly names: ReadonlyArray<string> }
  | { readonly _tag: 'flowing' }
  | { readonly _tag: 'unknown' }

const unknown: Spot = { _tag: 'unknown' }
const namesOf = ({ cases, rest }: ChoiceNode): Spot => ({
  _tag: 'names',
  names: [...cases, ...(typeof rest === 'object' ? [rest] : [])].map(({ name }) => name),
})

export const flowing: Spot = { _tag: 'flowing' }

/** The value of a grammar, in each of its forms in some protocol. */
export const spotsOf = ({ node }: AnyGrammar): ReadonlyArray<Spot> => formsOf(node).map(spotOf)

const formsOf = (node: Node): ReadonlyArray<Node> =>
  node._tag === 'gated'
    ? partsOf(node).flatMap(formsOf)
    : node._tag === 'framed'
      ? formsOf(node.inner)
      : [node]

const spotOf = (node: Node): Spot => {
  switch (node._tag) {
    case 'choice':
      return node.shape._tag === 'enum' && node.rest === undefined ? namesOf(node) : { _tag: 'node', node }
    case 'pure':
    case 'lazy':
    case 'imap':
      return unknown
    default:
      return { _tag: 'node', node }
  }
}

/** The grammars that the fields lead to; none if no form has the fields. */
export const spotsAt = (from: ReadonlyArray<Spot>, fields: ReadonlyArray<string>): ReadonlyArray<Spot> =>
  fields.reduce((spots, field) => spots.flatMap((spot) => fieldOf(spot, field)), from)

const fieldOf = (spot: Spot, field: string): ReadonlyArray<Spot> => {
  if (spot._tag !== 'node') {
    return spot._tag === 'unknown' ? [unknown] : []
  }
  const { node } = spot
  switch (node._tag) {
    case 'struct':
      return node.fields
        .filter(({ key, fixed }) => String(key) === field && fixed === undefined)
        .flatMap((each) => spotsOf(each))
    case 'choice':
      return inChoice(node, field)
    case 'text':
      return node.optional ? inOption(field, [unknown]) : node.format?.value === 'structure' ? [unknown] : []
    default:
      return []
  }
}

const inChoice = (node: ChoiceNode, field: string): ReadonlyArray<Spot> => {
  const bodies = partsOf(node)
  switch (node.shape._tag) {
    case 'tagged':
      return field === node.shape.key
        ? [namesOf(node)]
        : typeof node.rest === 'object' && field === node.rest.key
          ? [{ _tag: 'node', node: node.tag }]
          : bodies.flatMap((body) => fieldOf({ _tag: 'node', node: body }, field))
    case 'option':
      return inOption(
        field,
        bodies.length > 0 ? bodies.flatMap((body) => spotsOf({ node: body })) : [unknown],
      )
    case 'enum':
      return []
  }
}

const inOption = (field: string, value: ReadonlyArray<Spot>): ReadonlyArray<Spot> =>
  field === '_tag' ? [{ _tag: 'names', names: ['None', 'Some'] }] : field === 'value' ? value : []

/** Whether the value there can be this label. */
const canBe = (spot: Spot, label: Label): boolean => {
  switch (spot._tag) {
    case 'names':
      return typeof label === 'string' && spot.names.includes(label)
    case 'unknown':
      return true
    case 'flowing':
      return false
    case 'node':
      switch (spot.node._tag) {
        case 'int':
          return typeof label === spot.node.value && isIntegerUpTo(spot.node.max, label)
        case 'bool':
          return typeof label === 'boolean'
        case 'text':
          return typeof label === 'string'
        case 'choice':
          return typeof label === 'string' || typeof label === 'number'
        default:
          return false
      }
  }
}

const isIntegerUpTo = (max: bigint, label: Label): boolean =>
  typeof label === 'bigint'
    ? label >= 0n && label <= max
    : typeof label === 'number' && Number.isInteger(label) && label >= 0 && label <= max

const wordsOf = (spot: Spot): string => {
  switch (spot._tag) {
    case 'names':
      return oneOf(spot.names, show)
    case 'flowing':
      return 'bytes that flow'
    case 'unknown':
      return 'a value'
    case 'node':
      return spot.node._tag === 'int'
        ? `a ${spot.node.value} from 0 to ${spot.node.max}`
        : nodeName(spot.node)
  }
}

const allWords = (spots: ReadonlyArray<Spot>): string => [...new Set(spots.map(wordsOf))].join(' or ')

/** @throws TypeError for a label that no value can have. */
export const expectLabel = (by: string, spots: ReadonlyArray<Spot>, label: Label, name: string): void => {
  if (!spots.some((spot) => canBe(spot, label))) {
    throw new TypeError(
      `the case ${name} of ${by} has the label ${labelText(label)}, but there is ${allWords(spots)}`,
    )
  }
}

const labelText = (label: Label): string => (typeof label === 'bigint' ? `${label}n` : show(label))

/** @throws TypeError for a place without a number. */
export const expectNumber = (by: string, spots: ReadonlyArray<Spot>): void => {
  if (!spots.some((spot) => spot._tag === 'unknown' || (spot._tag === 'node' && spot.node._tag === 'int'))) {
    throw new TypeError(`${by} must be a number, not ${allWords(spots)}`)
  }
}

/** @throws TypeError for a place without bytes. */
export const expectBytesThere = (by: string, spots: ReadonlyArray<Spot>): void => {
  if (
    !spots.some((spot) => spot._tag === 'unknown' || (spot._tag === 'node' && spot.node._tag === 'bytes'))
  ) {
    throw new TypeError(`${by} must be bytes, not ${allWords(spots)}`)
  }
}
