import type { Protocol } from '../../combinators/protocol.js'
import { isOffered } from '../machine/offered.js'
import type { BranchNode, Case, FlowNode, LoopNode, SaysNode } from '../node.js'
import { flowsIn } from '../parts.js'

/** A message of the server in a short turn. */
export interface HeardStep {
  readonly word: SaysNode
  /** The loop that the message is in, and what each of its values leads to; null if it is in no loop. */
  readonly many: { readonly loop: string; readonly branch: BranchNode } | null
  /** The rest of the turn, from this message on. */
  readonly rest: FlowNode
}

/** A turn in which the client sends plain messages, and then the server does. Most turns have this form. */
export interface ShortTurn {
  readonly said: ReadonlyArray<SaysNode>
  readonly heard: ReadonlyArray<HeardStep>
}

/** The case as a short turn under a protocol; null if it is none. */
export const shortTurnOf = ({ flow, gate }: Case, protocol: Partial<Protocol>): ShortTurn | null => {
  if (!isOffered(gate, protocol)) {
    return null
  }
  const parts = openParts(flow, protocol)
  const first = parts.findIndex((part) => !isWord(part, 'client'))
  const said = parts.slice(0, first < 0 ? parts.length : first).filter(isSays)
  const behind = parts.slice(said.length)
  const heard = behind.flatMap((part, at): ReadonlyArray<HeardStep> => {
    const rest: FlowNode = { _tag: 'sequence', parts: behind.slice(at) }
    if (isWord(part, 'server')) {
      return [{ word: part, many: null, rest }]
    }
    const many = part._tag === 'loop' ? manyOf(part) : null
    return many === null ? [] : [{ ...many, rest }]
  })
  return heard.length === behind.length ? { said, heard } : null
}

/** The parts of a sequence and of the sequences inside it, with each gate decided. */
const openParts = (flow: FlowNode, protocol: Partial<Protocol>): ReadonlyArray<FlowNode> => {
  switch (flow._tag) {
    case 'gated':
      return openParts(isOffered(flow.gate, protocol) ? flow.flow : flow.otherwise, protocol)
    case 'sequence':
      return flow.parts.flatMap((part) => openParts(part, protocol))
    default:
      return [flow]
  }
}

const isSays = (node: FlowNode): node is SaysNode => node._tag === 'says'

/** Whether a node is a message of this side without a limit from another message. */
const isWord = (node: FlowNode, side: SaysNode['side']): node is SaysNode =>
  isSays(node) && node.side === side && node.atMost === null

/** A loop over one message of the server that does nothing but repeat or end. */
const manyOf = ({ name, body, until }: LoopNode): Pick<HeardStep, 'word' | 'many'> | null => {
  const [word, branch, ...more] = body._tag === 'sequence' ? body.parts : []
  const isPlain =
    until === null &&
    more.length === 0 &&
    word !== undefined &&
    isWord(word, 'server') &&
    branch?._tag === 'branch' &&
    branch.on[0] === word.key &&
    [...flowsIn(branch)].every(({ _tag }) => _tag === 'branch' || _tag === 'again' || _tag === 'sequence')
  return isPlain ? { word, many: { loop: name, branch } } : null
}
