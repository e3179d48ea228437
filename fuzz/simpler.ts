import { isRight } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { equalValues } from '../bytes/equal.js'
import type { BytesNode, IntNode, ResolvedNode, TextNode } from '../combinators/node.js'
import { caseOfValue } from '../combinators/order.js'
import type { Protocol } from '../combinators/protocol.js'
import { resolved } from '../combinators/resolved.js'
import { viewOf } from '../combinators/view.js'
import { examplesOf } from '../interpreters/malformed/text-examples.js'
import type { Format } from './format.js'

/** Simpler values than one: what is made simpler is its structure, or what stands in it. Not all can be encoded. */
type Simplify = <A>(format: Format<A>, value: A) => Iterable<A>

/** Values with fewer items, or without something optional: large steps first. */
export const fewer: Simplify = (format, value) => simpler(format, value, 'structure')

/** Values with shorter texts and smaller integers. */
export const contentsOf: Simplify = (format, value) => simpler(format, value, 'content')

function* simpler<A>({ grammar, protocol }: Format<A>, value: A, what: Simplifier['what']): Generator<A> {
  yield* new Simplifier(protocol, what).of(resolved(grammar, protocol).node, value) as Generator<A>
}

type Values = ReadonlyArray<unknown>
type Fields = { readonly [key: string | number]: unknown }

class Simplifier {
  readonly what: 'structure' | 'content'
  readonly #protocol: Protocol

  constructor(protocol: Protocol, what: Simplifier['what']) {
    this.#protocol = protocol
    this.what = what
  }

  get #isStructure(): boolean {
    return this.what === 'structure'
  }

  *of(node: ResolvedNode, value: unknown): Generator<unknown> {
    switch (node._tag) {
      case 'int':
        yield* this.#isStructure ? [] : integers(node, value as number | bigint)
        return
      case 'bool':
        yield* this.#isStructure || value !== true ? [] : [false]
        return
      case 'bytes':
        yield* this.#isStructure ? [] : byteStrings(node, value as Uint8Array)
        return
      case 'text':
        yield* this.#text(node, value)
        return
      case 'struct':
        for (const { key, node: each, fixed } of node.fields) {
          if (fixed === undefined) {
            yield* mapped(this.of(each, (value as Fields)[key]), (other) =>
              Array.isArray(value) ? value.with(Number(key), other) : { ...(value as Fields), [key]: other },
            )
          }
        }
        return
      case 'sequence':
        if (node.kind === 'map') {
          const entries = [...(value as ReadonlyMap<unknown, unknown>)]
          yield* mapped(
            this.#items(entries, (entry) => this.#entry(node.item, entry as Values)),
            (all) => new Map(all as ReadonlyArray<readonly [unknown, unknown]>),
          )
        } else {
          yield* this.#items(value as Values, (item) => this.of(node.item, item))
        }
        return
      case 'until':
        yield* this.#items(value as Values, (item) => this.of(node.item, item))
        return
      case 'choice': {
        if (node.shape._tag === 'enum') {
          return
        }
        if (node.shape._tag === 'option') {
          const option = value as Option<unknown>
          const body = node.cases.find((each) => each.body !== undefined)?.body
          if (option._tag === 'Some') {
            yield* this.#isStructure ? [none] : []
            yield* body === undefined ? [] : mapped(this.of(body, option.value), some)
          }
          return
        }
        const { body } = caseOfValue(node, value)
        yield* body === undefined ? [] : this.of(body, value)
        return
      }
      case 'imap': {
        const { from, to } = viewOf(node)
        const inner = to(value)
        for (const each of isRight(inner) ? this.of(node.inner, inner.right) : []) {
          const outer = from(each)
          // What is not written as it was read could be a value that was there before.
          const back = isRight(outer) ? to(outer.right) : outer
          yield* isRight(outer) && isRight(back) && equalValues(back.right, each) ? [outer.right] : []
        }
        return
      }
      case 'lazy':
        yield* this.of(node.get(), value)
        return
      case 'framed':
        yield* this.of(node.inner, value)
        return
      case 'pure':
      case 'span':
        return
    }
  }

  *#items(items: Values, simplerItems: (item: unknown) => Iterable<unknown>): Generator<Values> {
    if (this.#isStructure && items.length > 0) {
      yield []
      for (let size = items.length >> 1; size >= 1; size >>= 1) {
        for (let at = 0; at < items.length; at += size) {
          yield [...items.slice(0, at), ...items.slice(at + size)]
        }
      }
    }
    for (const [i, item] of items.entries()) {
      yield* mapped(simplerItems(item), (other) => items.with(i, other))
    }
  }

  *#entry(node: ResolvedNode, [key, value]: Values): Generator<Values> {
    yield* mapped(this.of(node, value), (other) => [key, other])
  }

  *#text(node: TextNode, value: unknown): Generator<unknown> {
    if (node.optional) {
      const option = value as Option<unknown>
      if (option._tag === 'Some') {
        yield* this.#isStructure ? [none] : []
        yield* mapped(this.#text({ ...node, optional: false }, option.value), some)
      }
      return
    }
    if (this.#isStructure) {
      return
    }
    const { format } = node
    if (format === null) {
      const letters = [...String(value)]
      yield* halves(letters.length).map((length) => letters.slice(0, length).join(''))
      return
    }
    const printed = format.print(value, this.#protocol)
    const most = isRight(printed) ? printed.right.length : 0
    for (const text of [...examplesOf(format, this.#protocol)].sort((a, b) => a.length - b.length)) {
      const parsed = format.parse(text, this.#protocol)
      yield* text.length < most && isRight(parsed) ? [parsed.right] : []
    }
  }
}

/** Lengths below one: 0, half of it, and one less. */
const halves = (length: number): ReadonlyArray<number> =>
  [...new Set([0, 1, length >> 1, length - 1])].filter((each) => each >= 0 && each < length)

const byteStrings = ({ length }: BytesNode, bytes: Uint8Array): Values =>
  typeof length === 'number' ? [] : halves(bytes.length).map((each) => bytes.slice(0, each))

/** 0, 1, half, and with only the highest bit set. */
const integers = (node: IntNode, value: number | bigint): Values => {
  const own = BigInt(value)
  const highest = own === 0n ? 0n : 2n ** BigInt(own.toString(2).length - 1)
  return [...new Set([0n, 1n, own >> 1n, highest])]
    .filter((each) => each >= 0n && each < own)
    .map((each) => (node.value === 'bigint' ? each : Number(each)))
}

function* mapped<A, B>(all: Iterable<A>, change: (each: A) => B): Generator<B> {
  for (const each of all) {
    yield change(each)
  }
}
