import { factsOf } from '../checks/facts-of.js'
import { valueAt } from '../machine/scope.js'
import type { BranchNode, Case, FlowNode, Label, LoopNode, Pieces, SaysNode, Side, Speech } from '../node.js'
import { flowsIn, flowsOf } from '../parts.js'

/** How a message occurs in its turn: once, repeatedly, or as a notice while one side speaks. */
export type Manner = 'once' | 'often' | 'told'

/** A loop in which one side sends notices until it is done. */
export interface Telling {
  readonly loop: LoopNode
  readonly speech: Speech
  readonly side: Side
  /** The branch on each notice. */
  readonly branch: BranchNode
  /** The label of the case that means failure, if there is one. */
  readonly failed: Label | null
}

/** What drivers need to know of a flow, or of one turn of it. */
export interface Shape {
  readonly manners: ReadonlyMap<string, Manner>
  /** The keys of each side that may be said again and again. */
  readonly often: { readonly [S in Side]: ReadonlyArray<string> }
  /** By the keys of what is told. */
  readonly tellings: ReadonlyMap<string, Telling>
  /** The keys of what the server tells. */
  readonly told: ReadonlyArray<string>
  /** The branches that may lead out of it, by the key that they ask. */
  readonly failing: ReadonlyMap<string, BranchNode>
  /** How things are carried in pieces. */
  readonly pieces: ReadonlyArray<Pieces>
  /** Whether words may be left unread by the side that refuses them. */
  readonly leavesUnread: boolean
}

/** A loop of turns: the client chooses, and its case follows. */
export interface TurnsNode {
  readonly loop: LoopNode
  readonly first: SaysNode
  readonly branch: BranchNode
}

/** The loop as one of turns, if it is one; otherwise null. */
export const turnsOf = (node: FlowNode): TurnsNode | null => {
  if (node._tag !== 'loop' || node.until === null || !('end' in node.until) || node.until.end !== 'client') {
    return null
  }
  const [first, branch, ...more] = node.body._tag === 'sequence' ? node.body.parts : []
  return first?._tag === 'says' &&
    branch?._tag === 'branch' &&
    more.length === 0 &&
    branch.on.length === 1 &&
    branch.on[0] === first.key
    ? { loop: node, first, branch }
    : null
}

const turnsKnown = new WeakMap<FlowNode, ReadonlyArray<TurnsNode>>()

/** All loops of turns in a flow. */
export const turnsIn = (node: FlowNode): ReadonlyArray<TurnsNode> => {
  const found = turnsKnown.get(node)
  if (found !== undefined) {
    return found
  }
  const made = [...flowsIn(node)].flatMap((each) => turnsOf(each) ?? [])
  turnsKnown.set(node, made)
  return made
}

const known = new WeakMap<FlowNode, Shape>()

/** Does not include the turns inside, the messages of a departure, or the content of frames and pieces. */
export const shapeOf = (node: FlowNode): Shape => {
  const found = known.get(node)
  if (found !== undefined) {
    return found
  }
  const made = new Shaping(node)
  known.set(node, made)
  return made
}

class Shaping implements Shape {
  readonly manners = new Map<string, Manner>()
  readonly often: { readonly [S in Side]: Array<string> } = { client: [], server: [] }
  readonly tellings = new Map<string, Telling>()
  readonly told: Array<string> = []
  readonly failing = new Map<string, BranchNode>()
  readonly pieces: Array<Pieces> = []
  leavesUnread = false

  constructor(node: FlowNode) {
    this.#visit(node, null, new Set())
  }

  #visit(node: FlowNode, loop: LoopNode | null, loops: ReadonlySet<string>): void {
    switch (node._tag) {
      case 'says':
        this.#addWord(node, loop)
        return
      case 'loop':
        if (turnsOf(node) === null) {
          this.#visit(node.body, node, new Set([...loops, node.name]))
          this.#addTelling(node)
        }
        return
      case 'carried':
        this.leavesUnread ||= node.unread
        if (node.way._tag === 'pieces') {
          this.pieces.push(node.way)
          this.#visit(node.way.over, loop, loops)
        }
        return
      case 'unless':
        this.#visit(node.flow, loop, loops)
        return
      case 'branch':
        if ([...node.cases.values()].some(({ flow }) => leaves(flow, loops))) {
          this.failing.set(node.on[0], node)
        }
        break
      default:
    }
    for (const part of flowsOf(node)) {
      this.#visit(part, loop, loops)
    }
  }

  #addWord({ key, side }: SaysNode, loop: LoopNode | null): void {
    const manner = loop === null ? 'once' : loop.speech?.key === key ? 'told' : 'often'
    this.manners.set(key, manner)
    if (manner === 'often' && !this.often[side].includes(key)) {
      this.often[side].push(key)
    }
  }

  #addTelling(loop: LoopNode): void {
    const { speech } = loop
    if (speech === null) {
      return
    }
    const inside = [...flowsIn(loop.body)]
    const branch = inside.find((each) => each._tag === 'branch' && each.on[0] === speech.key)
    const words = inside.find((each) => each._tag === 'says' && each.key === speech.key)
    // Both exist, as was checked when the loop was built.
    if (branch?._tag === 'branch' && words?._tag === 'says') {
      const failed = [...branch.cases.values()].find(({ name }) => name === speech.failed)?.label ?? null
      this.tellings.set(speech.key, { loop, speech, side: words.side, branch, failed })
      if (words.side === 'server' && !this.told.includes(speech.key)) {
        this.told.push(speech.key)
      }
    }
  }
}

/** Whether a flow may lead out of these loops. */
const leaves = (flow: FlowNode, loops: ReadonlySet<string>): boolean =>
  [...factsOf(flow).exits.keys()].some((exit) => exit === null || !loops.has(exit))

/** The case with a label, if it only goes on in its loop and has no messages of its own. */
export const goesOnWith = ({ loop, branch }: Telling, label: Label): Case | null => {
  const found = branch.cases.get(label)
  if (found === undefined) {
    return null
  }
  const { exits, goesOn, sides } = factsOf(found.flow)
  return !goesOn && exits.size === 1 && exits.has(loop.name) && sides.size === 0 ? found : null
}

/** Whether a message means failure. */
export const isFailure = ({ tellings }: Shape, value: unknown): boolean => {
  for (const { failed, branch } of tellings.values()) {
    if (failed !== null && valueAt(value, branch.on) === failed) {
      return true
    }
  }
  return false
}

/** Whether a message contains a piece, or requests one: the content of pieces is reported as a whole. */
export const isOfPieces = ({ pieces }: Shape, key: string, value: unknown): boolean =>
  pieces.some(
    ({ of, asks }) =>
      (of[0] === key && valueAt(value, of) instanceof Uint8Array) ||
      (asks?.key === key &&
        Object.entries(asks.value).every(([field, each]) => valueAt(value, [key, field]) === each)),
  )
