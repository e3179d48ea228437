import type { AnyGrammar, ResolvedNode } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import { resolved } from '../../combinators/resolved.js'
import { visible } from '../../interpreters/dissect/brief.js'
import type { Part } from '../../interpreters/dissect/index.js'
import { type Item, rowMentions, type Span, type StreamIndex, type Tone } from './item.js'
import { startedBy } from './nearest.js'
import { nodeWithin } from './part-node.js'
import { partMentions } from './part-text.js'
import { type Details, detailsOf } from './plain-text.js'
import { countOf, grouped, valueInRow, wholeValue } from './value-text.js'

/** The size up to which a part is shown by its value; larger ones show only their parts. */
const largestShown = 65536

/** The place of a message, and how it is read. */
export interface Message {
  readonly stream: StreamIndex
  /** The offset of its first byte in the stream. */
  readonly base: number
  readonly protocol: Protocol
}

/** A part of a message. */
export class PartItem implements Item {
  readonly kind = 'part'
  readonly name: string
  readonly when = ''
  readonly #part: Part
  readonly #message: Message
  readonly #node: ResolvedNode | null

  constructor(part: Part, message: Message, node: ResolvedNode | null, name: string) {
    this.#part = part
    this.#message = message
    this.#node = node
    this.name = name
  }

  /** A whole message, read with a grammar. */
  static of(
    part: Part,
    place: Omit<Message, 'protocol'>,
    grammar: AnyGrammar,
    given: Partial<Protocol>,
    name: string,
  ): PartItem {
    const protocol = protocolFor('an inspection', grammar.node, given)
    return new PartItem(part, { ...place, protocol }, resolved(grammar, protocol).node, name)
  }

  get grammar(): string {
    return this.#part.grammar
  }

  /** For an item of a list, its first text. */
  get about(): string {
    const { path, parts, value } = this.#part
    const isItem = typeof path.at(-1) === 'number' && parts.length > 0
    return isItem && !Array.isArray(value) ? this.key : ''
  }

  /** The first text in it, and the number of its other texts; empty if there is none nearby. */
  get key(): string {
    const next: Array<readonly [item: PartItem, more: number]> = [[this, 0]]
    for (let left = mostVisited; left > 0; left--) {
      const [item, more] = next.pop() ?? [null, 0]
      if (item === null) {
        return ''
      }
      if (item.#isText) {
        return more === 0 ? item.value : `${item.value} and ${grouped(more)} more`
      }
      const { parts, value } = item.#part
      const others = Array.isArray(value) ? value.length - 1 : 0
      for (let index = Math.min(parts.length, mostVisited) - 1; index >= 0; index--) {
        next.push([item.child(index), more === 0 ? others : more])
      }
    }
    return ''
  }

  /** Whether it is a text that is not empty: an empty one and an integer both have eight bytes. */
  get #isText(): boolean {
    const { role, complete, parts, value, start, end } = this.#part
    const isValue = complete && parts.length === 0 && (role === 'value' || role === 'key')
    return (
      isValue &&
      end - start > 8 &&
      (typeof value === 'object' || typeof value === 'string') &&
      !(value instanceof Uint8Array)
    )
  }

  get value(): string {
    return valueInRow(this.#part, this.#by)
  }

  get #by() {
    return { node: this.#node, protocol: this.#message.protocol }
  }

  get flaw(): string {
    const { complete, issues } = this.#part
    const told = issues.map(({ _tag, expected, actual }) => `${_tag}: expected ${expected}, got ${actual}`)
    return visible((complete || told.length > 0 ? told : ['not read to its end']).join('; '))
  }

  get tone(): Tone {
    const { complete, issues, role } = this.#part
    return complete && issues.length === 0 ? (role === 'value' || role === 'key' ? 'plain' : 'note') : 'wrong'
  }

  /** Whether it and its parts have no issues. */
  get sound(): boolean {
    return this.#part.sound
  }

  get spans(): ReadonlyArray<Span> {
    const { start, end } = this.#part
    const { stream, base } = this.#message
    return [{ stream, start: start + base, end: end + base }]
  }

  get count(): number {
    return this.#part.parts.length
  }

  child(index: number): PartItem {
    const part = this.#part.parts[index] as Part
    const node = this.#node === null ? null : nodeWithin(this.#node, this.#part, part)
    return new PartItem(part, this.#message, node, nameWithin(this.#part, part))
  }

  childAt(stream: StreamIndex, offset: number): number | null {
    if (stream !== this.#message.stream) {
      return null
    }
    const { parts } = this.#part
    const at = offset - this.#message.base
    const started = startedBy(parts.length, (index) => (parts[index] as Part).start, at)
    // The header of a frame lies inside the value that it cuts, so the part with the nearest start may not contain the
    // byte.
    for (let index = started - 1; index >= 0; index--) {
      if (at < (parts[index] as Part).end) {
        return index
      }
    }
    return null
  }

  telling(): ReadonlyArray<number> | null {
    const { parts } = this.#part
    return parts.some(isFraming) ? parts.flatMap((part, index) => (isFraming(part) ? [] : [index])) : null
  }

  mentions(text: string): boolean {
    return rowMentions(this, text) || partMentions(this.#part, text)
  }

  details(all: boolean): Details {
    const { complete, start, end, parts } = this.#part
    if (!complete) {
      return detailsOf(this.flaw, all)
    }
    if (!all && parts.length > 0 && end - start > largestShown) {
      const text = `${countOf(end - start, 'byte')}: open it to see what they are`
      return { text, omitted: end - start }
    }
    const shown = visible(wholeValue(this.#part, this.#by))
    return detailsOf(this.flaw === '' ? shown : `${shown}\n\n${this.flaw}`, all)
  }
}

// Deeper parts do not help to distinguish items.
const mostVisited = 64

/** Framing without an issue; issues are always shown. */
const isFraming = ({ role, sound }: Part): boolean =>
  sound && (role === 'fixed' || role === 'mark' || role === 'tag')

const nameWithin = (around: Part, { path, role }: Part): string => {
  if (path.length > around.path.length) {
    const step = path[path.length - 1]
    const name = typeof step === 'number' ? `[${step}]` : (step ?? '')
    return role === 'value' ? name : `${name} ${role}`
  }
  return role === 'value' ? '' : role
}
