import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { chosenArm } from '../../combinators/chosen-arm.js'
import { equalValues } from '../../combinators/equal.js'
import {
  type CaseNode,
  type ChoiceNode,
  type FramedNode,
  type ImapNode,
  type LazyNode,
  type Node,
  nodeName,
  type StructNode,
} from '../../combinators/node.js'
import { readChoice } from './choices.js'
import { readSequence, readUntil } from './collections.js'
import { readFrames } from './frames.js'
import { type Ends, type LeafSettings, readBool, readBytes, readInt, readText } from './leaves.js'
import { showValue } from './show.js'
import type { Place, Source } from './source.js'
import type { NodeReader, ReaderSettings, Spot } from './spot.js'
import { OpenPart } from './tree.js'

/**
 * The simplest reader that could be: from left to right, one node at a time, nothing compiled and nothing skipped.
 * It leaves a tree of what it read behind, the broken part included.
 */
export class Reader implements NodeReader {
  readonly settings: ReaderSettings
  readonly #leaf: LeafSettings
  #depth = 0

  constructor(settings: ReaderSettings) {
    this.settings = settings
    this.#leaf = {
      protocol: settings.protocol,
      canonical: settings.canonical,
      stringLimit: settings.limits.string,
    }
  }

  read(node: Node, spot: Spot): unknown {
    switch (node._tag) {
      case 'int':
        return this.#primitive(node, spot, (place, ends) =>
          readInt(node, this.#leaf, spot.source, place, ends),
        )
      case 'bool':
        return this.#primitive(node, spot, (place, ends) =>
          readBool(node, this.#leaf, spot.source, place, ends),
        )
      case 'bytes':
        return this.#primitive(node, spot, (place, ends) =>
          readBytes(node, this.#leaf, spot.source, place, ends),
        )
      case 'text':
        return this.#primitive(node, spot, (place, ends) =>
          readText(node, this.#leaf, spot.source, place, ends),
        )
      case 'struct':
        return this.#part(node, spot, (part) => this.#struct(node, spot.source, part, null))
      case 'sequence':
        return this.#part(node, spot, (part) => readSequence(this, node, spot.source, part))
      case 'choice':
        return this.#part(node, spot, (part) => this.#choice(node, spot.source, part))
      case 'gated':
        return this.read(chosenArm(node, this.settings.protocol), spot)
      case 'pure':
        return node.value
      case 'lazy':
        return this.#lazy(node, spot)
      case 'imap':
        return this.#imap(node, spot)
      case 'until':
        return this.#part(node, spot, (part) => readUntil(this, node, spot.source, part))
      case 'framed':
        return this.#part(node, spot, (part) => this.#framed(node, spot.source, part))
    }
  }

  #part(
    node: Node,
    { source, path, role, siblings, name }: Spot,
    read: (part: OpenPart) => unknown,
  ): unknown {
    const part = new OpenPart(source, path, role, name ?? nodeName(node), nodeName(node))
    siblings.push(part)
    try {
      const value = read(part)
      part.accept(value)
      return value
    } finally {
      part.close()
    }
  }

  #primitive(node: Node, spot: Spot, read: (place: Place, ends: Ends) => unknown): unknown {
    const { source, path, role, siblings, name } = spot
    const grammar = nodeName(node)
    const part = new OpenPart(source, path, role, name ?? grammar, grammar)
    siblings.push(part)
    // Bytes that are too few for the primitive are shown as far as they go.
    part.endAt(Math.min(source.pos + 8, source.bytes.length))
    const value = read({ path, grammar: spot.refuses ?? grammar }, (pos) => part.endAt(pos))
    part.endAt(source.pos)
    part.accept(value)
    return value
  }

  #struct(
    node: StructNode,
    source: Source,
    around: OpenPart,
    constant: readonly [string, string] | null,
  ): unknown {
    const values: Array<readonly [string | number, unknown]> = constant === null ? [] : [constant]
    for (const { key, node: field, fixed } of node.fields) {
      const { pos } = source
      const path = [...around.path, key]
      const role = fixed === undefined ? 'value' : 'fixed'
      const value = this.read(field, { source, path, role, siblings: around.parts })
      if (fixed === undefined) {
        values.push([key, value])
      } else if (!(fixed.ignored && !this.settings.canonical) && !equalValues(value, fixed.value)) {
        around.parts.at(-1)?.reject()
        const place = { path, grammar: nodeName(node) }
        source.refuse('UnexpectedValue', pos, place, showValue(fixed.value), showValue(value))
      }
    }
    return node.shape === 'tuple' ? values.map(([, value]) => value) : Object.fromEntries(values)
  }

  #choice(node: ChoiceNode, source: Source, around: OpenPart): unknown {
    return readChoice(this, node, source, around, (found) => this.#body(node, found, source, around))
  }

  #body({ shape }: ChoiceNode, { name, body }: CaseNode, source: Source, around: OpenPart): unknown {
    if (body === undefined) {
      return undefined
    }
    const spot: Spot = { source, path: around.path, role: 'value', siblings: around.parts }
    return shape._tag === 'tagged' && body._tag === 'struct'
      ? this.#part(body, spot, (part) => this.#struct(body, source, part, [shape.key, name]))
      : this.read(body, spot)
  }

  #lazy(node: LazyNode, spot: Spot): unknown {
    const { source, path } = spot
    const limit = this.settings.limits.depth
    this.#depth++
    if (this.#depth > limit) {
      const place = { path, grammar: nodeName(node) }
      source.refuseLimit('depth', limit, source.pos, place, `a depth of ${this.#depth}`)
    }
    const { pos } = source
    const value = this.read(node.get(), { ...spot, name: undefined })
    if (source.pos === pos) {
      throw new TypeError('what a lazy grammar stands for must take at least one byte')
    }
    this.#depth--
    return value
  }

  #imap(node: ImapNode, spot: Spot): unknown {
    const { source, path, siblings } = spot
    const { pos } = source
    const before = siblings.length
    const inner = this.read(node.inner, { ...spot, name: spot.name ?? node.name })
    // None where the protocol has the value without any bytes.
    const part = siblings[before]
    const place = { path, grammar: node.name ?? part?.own ?? nodeName(node.inner) }
    // An imap's functions are typed for the values of its own grammar, which a node forgets.
    const from = node.from as (inner: unknown) => Either<string, unknown>
    const to = node.to as (outer: unknown) => Either<string, unknown>
    const outer = from(inner)
    if (isLeft(outer)) {
      part?.reject()
      return source.refuse('InvalidValue', pos, place, outer.left, showValue(inner))
    }
    if (this.settings.canonical) {
      const back = to(outer.right)
      if (isLeft(back) || !equalValues(back.right, inner)) {
        part?.reject()
        const expected = isLeft(back) ? back.left : 'the form that the encoder writes'
        source.refuse('NotCanonical', pos, place, expected, showValue(inner))
      }
    }
    part?.accept(outer.right)
    return outer.right
  }

  #framed(node: FramedNode, source: Source, around: OpenPart): unknown {
    const { limits, canonical } = this.settings
    const header = (length: bigint | null): void => {
      if (length === null) {
        const part = new OpenPart(source, around.path, 'frame', around.grammar, around.own)
        part.endAt(Math.min(source.pos + 8, source.bytes.length))
        around.parts.push(part)
      } else {
        around.parts.at(-1)?.accept(length)
      }
    }
    const content = readFrames(source, around.place, limits, canonical, header)
    const value = this.read(node.inner, {
      source: content,
      path: around.path,
      role: 'value',
      siblings: around.parts,
    })
    if (content.left > 0) {
      const rest = new OpenPart(content, around.path, 'dropped', around.grammar, around.own)
      rest.endAt(content.bytes.length)
      around.parts.push(rest)
      if (canonical) {
        const actual = `${content.left} more bytes`
        content.refuse('TrailingBytes', content.pos, around.place, 'the end frame', actual)
      }
    }
    around.parts.sort((a, b) => a.start - b.start)
    return value
  }
}
