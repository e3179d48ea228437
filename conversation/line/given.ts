import { expectNames } from '../../combinators/expect.js'
import { factsOf } from '../checks/facts-of.js'
import type { FlowNode, LoopNode, SaysNode, Side } from '../node.js'
import { flowsIn, flowsOf } from '../parts.js'
import { type Shape, shapeOf, turnsOf } from './shape.js'

type Values = { readonly [key: string]: unknown }

/** The keys of what a side sends outside of turns: in them, calls and handlers say it. */
const openingKeys = (node: FlowNode, side: Side): ReadonlyArray<string> => {
  const keys = new Set<string>()
  const seen = new Set<FlowNode>()
  const visit = (each: FlowNode): void => {
    if (seen.has(each) || turnsOf(each) !== null) {
      return
    }
    seen.add(each)
    if ('key' in each && 'side' in each && each.side === side) {
      keys.add(each.key)
    }
    flowsOf(each).forEach(visit)
  }
  visit(node)
  return [...keys]
}

/** The keys of what a side certainly sends before the turns: no decision or departure comes before it. */
const dueKeys = (node: FlowNode, side: Side): ReadonlyArray<string> => {
  const keys: Array<string> = []
  /** Whether what follows is as certain. */
  const visit = (each: FlowNode): boolean => {
    switch (each._tag) {
      case 'says':
      case 'blob':
      case 'carried':
        if (each.side === side) {
          keys.push(each.key)
        }
        return true
      case 'sequence':
        return each.parts.every(visit)
      case 'atOnce':
        return goesOn(each) && each.parts.every(visit)
      default:
        return goesOn(each)
    }
  }
  visit(node)
  return keys
}

const goesOn = (node: FlowNode): boolean =>
  factsOf(node).exits.size === 0 &&
  [...flowsIn(node)].every((each) => each._tag !== 'unless' && turnsOf(each) === null)

/**
 * @throws TypeError for a message that the side does not send there, or one that it must and that is missing: else only
 * a connection would tell.
 */
export const expectGiven = (of: string, says: object, node: FlowNode, side: Side): void => {
  expectNames(`the messages that ${of} says`, says, 'message', openingKeys(node, side))
  const missing = dueKeys(node, side).filter((key) => !Object.hasOwn(says, key))
  if (missing.length > 0) {
    throw new TypeError(
      `${of} has no message ${missing.join(', ')}, which the ${side} says: pass ` +
        `{ says: { ${missing.map((key) => `${key}: …`).join(', ')} } }`,
    )
  }
}

/** The messages that a side sends, by key: a list for one that repeats. */
export class Given {
  readonly #values: Values
  readonly #shape: Shape
  /** How many items of each list have been sent. */
  #counts: Map<string, number> | null = null

  constructor(values: Values, node: FlowNode) {
    this.#values = values
    this.#shape = shapeOf(node)
  }

  /** The next message with a key; null if there is none. */
  next({ key }: Pick<SaysNode, 'key'>): { readonly value: unknown } | null {
    if (!Object.hasOwn(this.#values, key)) {
      return null
    }
    const value = this.#values[key]
    if (this.#shape.manners.get(key) !== 'often') {
      return { value }
    }
    const count = this.#counts?.get(key) ?? 0
    if (!Array.isArray(value) || count >= value.length) {
      return null
    }
    this.#counts ??= new Map()
    this.#counts.set(key, count + 1)
    return { value: value[count] }
  }

  /** The streamed bytes with a key. */
  source(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined
  }

  /** Whether there is a message for another round of a loop. */
  hasMore({ body }: LoopNode, side: Side): boolean {
    return [...flowsIn(body)].some(
      (node) => node._tag === 'says' && node.side === side && this.#isLeft(node.key),
    )
  }

  #isLeft(key: string): boolean {
    const value = Object.hasOwn(this.#values, key) ? this.#values[key] : null
    return Array.isArray(value) && (this.#counts?.get(key) ?? 0) < value.length
  }
}
