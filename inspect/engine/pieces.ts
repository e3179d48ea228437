import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { dissect } from '../../interpreters/dissect/index.js'
import type { StreamIndex } from './item.js'
import { PartItem } from './part-item.js'

/** Takes values out of a stretch of a stream, one behind the other. */
export class Pieces {
  readonly items: Array<PartItem> = []
  at: number
  readonly #bytes: Uint8Array
  readonly #stream: StreamIndex
  readonly #end: number
  readonly #given: Partial<Protocol>

  constructor(
    bytes: Uint8Array,
    stream: StreamIndex,
    [start, end]: readonly [number, number],
    given: Partial<Protocol>,
  ) {
    this.#bytes = bytes
    this.#stream = stream
    this.at = start
    this.#end = end
    this.#given = given
  }

  get left(): number {
    return this.#end - this.at
  }

  /** The next value, whose item is kept unless it takes no bytes; null where it cannot be read to its end. */
  take<A>(name: string, grammar: Grammar<A>): { readonly value: A } | null {
    // Ignore the bytes after the value.
    const { tree } = dissect(grammar, this.#given, this.#bytes.subarray(this.at, this.#end))
    if (tree === null) {
      return null
    }
    const place = { stream: this.#stream, base: this.at }
    this.items.push(PartItem.of(tree, place, grammar, this.#given, name))
    if (!tree.complete) {
      this.at = this.#end
      return null
    }
    this.at += tree.end
    return { value: tree.value as A }
  }

  /** The same for a grammar of which only a table knows the type. */
  takeAny(name: string, grammar: AnyGrammar): void {
    this.take(name, grammar as Grammar<unknown>)
  }
}
