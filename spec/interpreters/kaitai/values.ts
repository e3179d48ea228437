import { none, some } from 'fp-ts/lib/Option.js'
import { decodeEscaped } from '../../../bytes/escaped.js'
import type { ChoiceNode, GatedNode, Node, TextNode } from '../../../combinators/node.js'
import type { Protocol } from '../../../combinators/protocol.js'
import { armUnder } from '../../../combinators/resolved.js'
import { viewOf } from '../../../combinators/view.js'
import { rightOf } from '../../support/either.js'

type Fields = { readonly [key: string]: unknown }

/** The fields of what a decoder has read, in the order of the wire: what begins with `_` is its own, then come parameters. */
const fieldsOf = (read: unknown): ReadonlyArray<unknown> => {
  const object = read as object
  const keys = Object.keys(object).filter((key) => !key.startsWith('_'))
  return keys
    .slice(Math.max(0, Object.getPrototypeOf(object).constructor.length - 3))
    .map((key) => (object as Fields)[key])
}

/** The field of a type that has one. */
const valueIn = (read: unknown): unknown =>
  typeof read === 'object' && read !== null && !(read instanceof Uint8Array) ? (read as Fields).value : read

/** Whether the forms of a field stand in the struct itself. */
const isInStruct = (node: Node): node is GatedNode =>
  node._tag === 'gated' && node.name === undefined && node.otherwise._tag === 'pure' && node.arms.length === 1

export class Values {
  readonly #protocol: Protocol
  readonly #content: (node: Node, bytes: Uint8Array) => unknown

  /** `content` reads what frames hold. */
  constructor(protocol: Protocol, content: (node: Node, bytes: Uint8Array) => unknown) {
    this.#protocol = protocol
    this.#content = content
  }

  /** The value of a grammar that a generated decoder has read. JavaScript's runtime rounds integers above 2^53. */
  of(node: Node, read: unknown): unknown {
    switch (node._tag) {
      case 'int': {
        const number = valueIn(read) as number
        const integer = number < 0 ? BigInt.asUintN(64, BigInt(number)) : BigInt(number)
        const most = integer > node.max ? node.max : integer
        return node.value === 'number' ? Number(most) : most
      }
      case 'bool':
        return valueIn(read)
      case 'bytes':
        return Uint8Array.from(valueIn(read) as Uint8Array)
      case 'text':
        return this.#text(node, valueIn(read))
      case 'struct': {
        const fields = [...fieldsOf(read)]
        const entries = node.fields.flatMap(({ key, node: field, fixed }) => {
          const value = this.#field(field, fields)
          return fixed === undefined ? [[key, value] as const] : []
        })
        return node.shape === 'tuple' ? entries.map(([, value]) => value) : Object.fromEntries(entries)
      }
      case 'sequence': {
        const items = (read as { readonly items: ReadonlyArray<unknown> }).items
        if (node.kind !== 'map') return items.map((item) => this.of(node.item, item))
        return new Map(
          items.map((entry) => {
            const [key, value] = fieldsOf(entry)
            return [this.of(node.key, key), this.of(node.item, value)] as const
          }),
        )
      }
      case 'choice':
        return this.#choice(node, read)
      case 'gated':
        return this.of(armUnder(node, this.#protocol), fieldsOf(read)[0])
      case 'pure':
        return node.value
      case 'lazy':
        return this.of(node.get(), read)
      case 'imap':
        return rightOf(viewOf(node).from(this.of(node.inner, read)))
      case 'until':
        return (read as { readonly items: ReadonlyArray<Fields> }).items
          .slice(0, -1)
          .map((step) => this.of(node.item, step.item))
      case 'framed': {
        const frames = (read as { readonly frames: ReadonlyArray<{ readonly content: Uint8Array }> }).frames
        return this.#content(node.inner, Buffer.concat(frames.map(({ content }) => content)))
      }
      case 'span':
        return { value: this.of(node.inner, read), bytes: new Uint8Array() }
    }
  }

  /** A field of a struct; it takes the next of what was read, if it takes any. */
  #field(node: Node, fields: Array<unknown>): unknown {
    const form = isInStruct(node) ? armUnder(node, this.#protocol) : node
    return form._tag === 'pure' ? form.value : this.of(form, fields.shift())
  }

  #text({ encoding, format, optional }: TextNode, read: unknown): unknown {
    const text =
      encoding === 'escaped' && typeof read !== 'string'
        ? decodeEscaped(read as Uint8Array)
        : (read as string)
    if (optional && text === '') return none
    const value = format === null ? text : rightOf(format.parse(text, this.#protocol))
    return optional ? some(value) : value
  }

  #choice(node: ChoiceNode, read: unknown): unknown {
    const { shape, rest } = node
    const [field] = fieldsOf(read)
    const tag = this.of(node.tag, field)
    const found = node.cases.find((each) =>
      typeof each.tag === 'string' ? each.tag === tag : Number(each.tag) === Number(tag),
    )
    const { body: of } = found ?? {}
    const inner = (read as Fields).body
    if (found === undefined && typeof rest !== 'object') return tag
    switch (shape._tag) {
      case 'enum':
        return found?.name
      case 'option':
        return found === node.cases[0] ? none : some(of === undefined ? found?.name : this.of(of, inner))
      case 'tagged': {
        const body = found === undefined ? (rest as Exclude<typeof rest, 'tag' | undefined>).body : of
        const kept = found === undefined && typeof rest === 'object' ? { [rest.key]: tag } : {}
        const name = found?.name ?? (typeof rest === 'object' ? rest.name : undefined)
        const fields = body === undefined || inner === undefined ? {} : (this.of(body, inner) as Fields)
        return { [shape.key]: name, ...kept, ...fields }
      }
    }
  }
}
