import type { FlowNode, LoopNode, SaysNode, Side } from '../node.js'
import { flowsIn } from '../parts.js'
import { type Shape, shapeOf } from './shape.js'

type Values = { readonly [key: string]: unknown }

/** What a side has to say, by key: a list of what is said again and again. */
export class Given {
  readonly #values: Values
  readonly #shape: Shape
  /** How many of a list have been said. */
  #counts: Map<string, number> | null = null

  constructor(values: Values, node: FlowNode) {
    this.#values = values
    this.#shape = shapeOf(node)
  }

  /** What is said next under the key of a message; null: there is nothing. */
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

  /** The bytes that flow under a key. */
  source(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined
  }

  /** Whether there is something for one more round of a loop. */
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
