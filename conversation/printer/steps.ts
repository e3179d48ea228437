import { showGate } from '../../combinators/gate.js'
import type { CarriedNode, FlowNode, Side } from '../node.js'
import { isNamed } from '../parts.js'
import { elsewhere, roundsOf, waysOf } from './words.js'

/** A step of a sequence diagram. */
export type Step =
  | { readonly is: 'arrow'; readonly from: Side; readonly text: string }
  /** `over`: null is both sides. */
  | { readonly is: 'remark'; readonly over: Side | null; readonly text: string }
  | { readonly is: 'block'; readonly kind: BlockKind; readonly parts: ReadonlyArray<BlockPart> }

export type BlockKind = 'alt' | 'opt' | 'loop' | 'par' | 'break'

export interface BlockPart {
  /** The condition; empty for the parts of `par`. */
  readonly head: string
  readonly steps: Steps
}

export type Steps = ReadonlyArray<Step>

type Names = { readonly [S in Side]: string }

const plain = (place: string): string => place

const remark = (text: string): Step => ({ is: 'remark', over: null, text })

/** Undefined if all parts are empty. */
const block = (kind: BlockKind, parts: ReadonlyArray<BlockPart>): Steps =>
  parts.every(({ steps }) => steps.length === 0) ? [] : [{ is: 'block', kind, parts }]

/** The steps of a flow; a named part inside it is one remark. `sides`: the names of the sides. */
export const stepsOf = (node: FlowNode, sides: Names): Steps => [
  ...(node.note === undefined ? [] : [remark(node.note)]),
  ...ownSteps(node, sides),
]

const inside = (node: FlowNode, sides: Names): Steps =>
  isNamed(node)
    ? [...(node.note === undefined ? [] : [remark(node.note)]), remark(node.part)]
    : stepsOf(node, sides)

const ownSteps = (node: FlowNode, sides: Names): Steps => {
  switch (node._tag) {
    case 'says':
      return [{ is: 'arrow', from: node.side, text: node.key }]
    case 'sequence':
      return node.parts.flatMap((part) => inside(part, sides))
    case 'branch':
      return block(
        'alt',
        waysOf(node, plain).map(({ when, gate, flow }) => ({
          head: gate === null ? when : `${when}, ${showGate(gate)}`,
          steps: inside(flow, sides),
        })),
      )
    case 'gated': {
      const held = { head: showGate(node.gate), steps: inside(node.flow, sides) }
      const otherwise = { head: elsewhere(node.gate), steps: inside(node.otherwise, sides) }
      return otherwise.steps.length === 0 ? block('opt', [held]) : block('alt', [held, otherwise])
    }
    case 'agree':
      return [remark(`both agree on the ${node.name}`)]
    case 'loop': {
      const rounds = roundsOf(node, (side) => sides[side], plain)
      return block('loop', [{ head: `${node.name}, ${rounds}`, steps: inside(node.body, sides) }])
    }
    case 'again':
      return [remark(`${node.loop} again`)]
    case 'atOnce':
      return block(
        'par',
        node.parts.map((part) => ({ head: '', steps: inside(part, sides) })),
      )
    case 'blob':
      return [{ is: 'arrow', from: node.side, text: `${node.key} (bytes)` }]
    case 'carried':
      return carriedSteps(node, sides)
    case 'unless':
      return [
        ...inside(node.flow, sides),
        ...block('break', [
          { head: `the ${sides[node.side]} breaks off`, steps: inside(node.departs, sides) },
        ]),
      ]
    case 'ends':
      return [{ is: 'remark', over: node.side, text: 'closes' }]
  }
}

const carriedSteps = ({ side, key, way }: CarriedNode, sides: Names): Steps =>
  way._tag === 'frames'
    ? [{ is: 'arrow', from: side, text: `${key} (frames)` }]
    : [remark(`${key}, in pieces`), ...inside(way.over, sides)]
