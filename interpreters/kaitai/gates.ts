import { type Gate, type GateLeaf, leavesOf, showGate } from '../../combinators/gate.js'
import type { GatedNode, Node } from '../../combinators/node.js'
import { partsOf } from '../../combinators/parts.js'
import { versionBits } from '../../combinators/version.js'
import { snake } from './ids.js'
import type { Yaml } from './yaml.js'

/** A parameter of a type: a part of the protocol. */
export interface Param {
  readonly id: string
  readonly type: 'u2' | 'bool'
  readonly doc: string
}

const version: Param = {
  id: 'version',
  type: 'u2',
  doc: 'The version of the protocol: the major number times 256, and the minor one. 1.2 is 0x102.',
}

const paramOf = (leaf: GateLeaf): Param =>
  leaf._tag === 'feature'
    ? {
        id: `has_${snake(leaf.feature)}`,
        type: 'bool',
        doc: `Whether both peers named the feature ${leaf.feature}.`,
      }
    : version

/**
 * What the form of a node depends on, by the name of the parameter: the version first, then the features. The content
 * of frames is not part of their type.
 */
export const paramsOf = (whole: Node): ReadonlyArray<Param> => {
  const params = known.get(whole) ?? searched(whole)
  known.set(whole, params)
  return params
}

const known = new WeakMap<Node, ReadonlyArray<Param>>()

const searched = (whole: Node): ReadonlyArray<Param> => {
  const seen = new Set<Node>()
  const found = new Map<string, Param>()
  const visit = (node: Node): void => {
    if (seen.has(node)) {
      return
    }
    seen.add(node)
    for (const leaf of node._tag === 'gated' ? node.arms.flatMap(({ gate }) => leavesOf(gate)) : []) {
      const param = paramOf(leaf)
      const other = found.get(param.id)
      if (other !== undefined && other.doc !== param.doc) {
        throw new TypeError(
          `two features get the same name ${param.id} in Kaitai Struct: ${showGate(leaf)} is one of them`,
        )
      }
      found.set(param.id, param)
    }
    if (node._tag !== 'framed') {
      partsOf(node).forEach(visit)
    }
  }
  visit(whole)
  const features = [...found.values()].filter(({ id }) => id !== version.id)
  return [
    ...(found.has(version.id) ? [version] : []),
    ...features.sort(({ id: a }, { id: b }) => (a < b ? -1 : 1)),
  ]
}

/** `explained`: with the meaning of each, which is printed once. */
export const paramsYaml = (params: ReadonlyArray<Param>, explained: boolean): Yaml | undefined =>
  params.length === 0
    ? undefined
    : params.map(({ id, type, doc }) => ({ id, type, doc: explained ? doc : undefined }))

/** A type with its arguments, as used in another type with the same parameters. */
export const withArguments = (type: string, params: ReadonlyArray<Param>): string =>
  params.length === 0 ? type : `${type}(${params.map(({ id }) => id).join(', ')})`

/** A gate as an expression of Kaitai Struct. */
const expression = (gate: Gate): string => {
  switch (gate._tag) {
    case 'since':
      return `version >= 0x${versionBits(gate.version).toString(16)}`
    case 'before':
      return `version < 0x${versionBits(gate.version).toString(16)}`
    case 'feature':
      return paramOf(gate).id
    case 'allOf':
      return joined(gate.gates, 'and', 'true')
    case 'anyOf':
      return joined(gate.gates, 'or', 'false')
    case 'not':
      return `not (${expression(gate.gate)})`
  }
}

const joined = (gates: ReadonlyArray<Gate>, word: string, ofNone: string): string =>
  gates.length === 0 ? ofNone : gates.map((gate) => `(${expression(gate)})`).join(` ${word} `)

/** A form of a gated node, and its condition. */
export interface Arm {
  readonly node: Node
  readonly if: string
  readonly words: string
  /** The name of its field. */
  readonly name: string
}

const nameOf = (gate: Gate): string =>
  gate._tag === 'feature'
    ? `with_${gate.feature}`
    : gate._tag === 'since' || gate._tag === 'before'
      ? `${gate._tag}_${gate.version}`
      : 'form'

/** All forms of a gated node that take bytes. */
export const armsOf = ({ arms, otherwise }: GatedNode): ReadonlyArray<Arm> => {
  const before: Array<Gate> = []
  const all = arms.map(({ gate, node }): Arm => {
    const whole: Gate =
      before.length === 0
        ? gate
        : { _tag: 'allOf', gates: [...before.map((each): Gate => ({ _tag: 'not', gate: each })), gate] }
    const words = `${before.length === 0 ? '' : 'otherwise '}${showGate(gate)}`
    before.push(gate)
    return { node, if: expression(whole), words, name: nameOf(gate) }
  })
  const none: Gate = { _tag: 'not', gate: { _tag: 'anyOf', gates: before } }
  return [
    ...all,
    { node: otherwise, if: expression(none), words: 'none of these', name: 'otherwise' },
  ].filter(({ node }) => node._tag !== 'pure')
}
