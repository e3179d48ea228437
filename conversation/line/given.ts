import type { FlowNode, LoopNode, SaysNode, Side } from '../node.js'
import { flowsIn } from '../parts.js'
import { type Shape, shapeOf } from './shape.js'

type Values = { readonly [key: string]: unknown }

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
