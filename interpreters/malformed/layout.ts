import type { FieldPath } from '../../combinators/issue.js'
import type {
  ChoiceNode,
  FramedNode,
  ImapNode,
  LazyNode,
  ResolvedNode,
  SequenceNode,
  SpanNode,
  StructNode,
  UntilNode,
} from '../../combinators/node.js'
import { caseOfValue, compareValues } from '../../combinators/order.js'
import type { Protocol } from '../../combinators/protocol.js'
import { innerOf, leafBytes } from '../../combinators/written.js'

/** The role of a primitive in the node around it. */
export type Role = 'value' | 'count' | 'tag' | 'mark'

/** A part of a written message: a primitive with its bytes, or a node made of parts. */
export interface Written {
  readonly node: ResolvedNode
  readonly role: Role
  /** The node around a count, a tag or a mark. */
  readonly around: ResolvedNode | null
  readonly path: FieldPath
  /** Its place in the grammar: like the path, with `[]` for any index and each recursion counted once. */
  readonly place: string
  readonly value: unknown
  readonly bytes: Uint8Array | null
  readonly parts: ReadonlyArray<Written>
  /** The number of `lazy` nodes around it. */
  readonly depth: number
  /** Set if the part is a fixed field, which is not in the value. */
  readonly fixed?: { readonly ignored: boolean }
}

/** The place of a part in the grammar, and the `lazy` nodes around it with the place of each. */
export interface Spot {
  readonly path: FieldPath
  readonly place: string
  readonly depth: number
  readonly lazies: ReadonlyMap<() => ResolvedNode, string>
}

export const top: Spot = { path: [], place: '', depth: 0, lazies: new Map() }

/** One step down; a number in a place is any number. */
export const down = (spot: Spot, ...steps: FieldPath): Spot => ({
  ...spot,
  path: [...spot.path, ...steps],
  place: steps.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[]` : place === '' ? step : `${place}.${step}`),
    spot.place,
  ),
})

/** The fields of a tuple have places of their own, like those of a struct. */
export const field = (spot: Spot, key: string | number): Spot => ({
  ...down(spot, key),
  place: typeof key === 'number' ? `${spot.place}[${key}]` : down(spot, key).place,
})

/** A case of a choice has the path of the choice and a place of its own. */
export const inCase = (spot: Spot, name: string): Spot => ({ ...spot, place: `${spot.place}(${name})` })

/** The content of a `lazy` node: a recursion returns to the place where it began. */
export const inLazy = (spot: Spot, { get }: LazyNode<ResolvedNode>): Spot => ({
  ...spot,
  depth: spot.depth + 1,
  place: spot.lazies.get(get) ?? spot.place,
  lazies: spot.lazies.has(get) ? spot.lazies : new Map([...spot.lazies, [get, spot.place]]),
})

/** Writes values in the simplest way: node by node, keeping each part separate. */
export class Writer {
  readonly #protocol: Protocol

  constructor(protocol: Protocol) {
    this.#protocol = protocol
  }

  /** @throws RangeError for a value that cannot be encoded. */
  write(node: ResolvedNode, value: unknown, spot: Spot): Written {
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
        return this.#primitive(node, value, spot, leafBytes(node, this.#protocol, value))
      case 'struct':
        return this.#struct(node, value, spot)
      case 'sequence':
        return this.#sequence(node, value, spot)
      case 'choice':
        return this.#choice(node, value, spot)
      case 'pure':
        return this.#group(node, value, spot, [])
      case 'lazy':
        return this.#lazy(node, value, spot)
      case 'imap':
        return this.#imap(node, value, spot)
      case 'until':
        return this.#until(node, value, spot)
      case 'framed':
        return this.#framed(node, value, spot)
      case 'span':
        return this.#span(node, value, spot)
    }
  }

  #primitive(node: ResolvedNode, value: unknown, spot: Spot, bytes: Uint8Array): Written {
    const { path, place, depth } = spot
    return { node, role: 'value', around: null, path, place, value, bytes, parts: [], depth }
  }

  #group(node: ResolvedNode, value: unknown, spot: Spot, parts: ReadonlyArray<Written>): Written {
    const { path, place, depth } = spot
    return { node, role: 'value', around: null, path, place, value, bytes: null, parts, depth }
  }

  /** A count, a tag or a mark. */
  #announcement(node: ResolvedNode, role: Role, around: ResolvedNode, value: unknown, spot: Spot): Written {
    return { ...this.write(node, value, announcement(spot, role)), role, around }
  }

  #struct(node: StructNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    const values = value as { readonly [key: string | number]: unknown }
    const parts = node.fields.map(({ key, node: each, fixed }) =>
      fixed === undefined
        ? this.write(each, values[key], field(spot, key))
        : { ...this.write(each, fixed.value, field(spot, key)), fixed },
    )
    return this.#group(node, value, spot, parts)
  }

  #sequence(node: SequenceNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    const items =
      node.kind === 'map'
        ? this.#entries([...(value as ReadonlyMap<unknown, unknown>)], node.key, node.item, spot)
        : this.#items(node.kind === 'set', node.item, value as ReadonlyArray<unknown>, spot)
    if (node.count === 'toEnd') {
      return this.#group(node, value, spot, items)
    }
    const length = node.kind === 'map' ? items.length / 2 : items.length
    const number = node.count.value === 'bigint' ? BigInt(length) : length
    const count = this.#announcement(node.count, 'count', node, number, spot)
    return this.#group(node, value, spot, [count, ...items])
  }

  #items(
    sorted: boolean,
    item: ResolvedNode,
    values: ReadonlyArray<unknown>,
    spot: Spot,
  ): ReadonlyArray<Written> {
    const inOrder = sorted ? [...values].sort((a, b) => compareValues(item, this.#protocol, a, b)) : values
    return inOrder.map((each, i) => this.write(item, each, down(spot, i)))
  }

  #entries(
    entries: ReadonlyArray<readonly [unknown, unknown]>,
    key: ResolvedNode,
    item: ResolvedNode,
    spot: Spot,
  ): ReadonlyArray<Written> {
    return [...entries]
      .sort((a, b) => compareValues(key, this.#protocol, a[0], b[0]))
      .flatMap(([k, v], i) => [
        this.write(key, k, down(spot, i, 'key')),
        this.write(item, v, down(spot, i, 'value')),
      ])
  }

  #choice(node: ChoiceNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    const { tag, name, body, value: inner } = caseOfValue(node, value)
    const number = typeof tag === 'bigint' && node.tag._tag === 'int' && node.tag.value === 'number'
    const tagSpot = node.shape._tag === 'tagged' ? down(spot, node.shape.key) : spot
    const head = this.#announcement(node.tag, 'tag', node, number ? Number(tag) : tag, tagSpot)
    return this.#group(
      node,
      value,
      spot,
      body === undefined ? [head] : [head, this.write(body, inner, inCase(spot, name ?? ''))],
    )
  }

  /** A recursion has the place where it began. */
  #lazy(node: LazyNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    const inner = inLazy(spot, node)
    const { place } = inner
    return this.#group(node, value, { ...spot, place }, [this.write(node.get(), value, inner)])
  }

  #imap(node: ImapNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    return this.#group(node, value, spot, [this.write(node.inner, innerOf(node, value), spot)])
  }

  #until(node: UntilNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    const items = value as ReadonlyArray<unknown>
    const parts = items.flatMap((item, i) => [
      this.#announcement(node.mark, 'mark', node, node.next, down(spot, i)),
      this.write(node.item, item, down(spot, i)),
    ])
    const end = this.#announcement(node.mark, 'mark', node, node.end, down(spot, items.length))
    return this.#group(node, value, spot, [...parts, end])
  }

  #framed(node: FramedNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    return this.#group(node, value, spot, [this.write(node.inner, value, spot)])
  }

  #span(node: SpanNode<ResolvedNode>, value: unknown, spot: Spot): Written {
    const { value: inner } = value as { readonly value: unknown }
    return this.#group(node, value, spot, [this.write(node.inner, inner, spot)])
  }
}

/** The place of a count, a tag or a mark; the path is that of its collection or choice. */
export const announcement = (spot: Spot, role: Role): Spot => ({
  ...spot,
  place: spot.place === '' ? role : `${spot.place} ${role}`,
})
