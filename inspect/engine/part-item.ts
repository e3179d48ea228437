import { stringify } from 'lossless-json'
import { brief, visible } from '../../interpreters/dissect/brief.js'
import type { Part } from '../../interpreters/dissect/index.js'
import { view } from '../../interpreters/dissect/json.js'
import type { Item, Span, StreamIndex, Tone } from './item.js'

/** Values of larger parts are told by their parts only. */
const largestShown = 65536

/** A part of a message that begins at byte `base` of a stream. */
export class PartItem implements Item {
  readonly kind = 'part'
  readonly name: string
  readonly #part: Part
  readonly #stream: StreamIndex
  readonly #base: number

  constructor(part: Part, stream: StreamIndex, base: number, name: string) {
    this.#part = part
    this.#stream = stream
    this.#base = base
    this.name = name
  }

  get grammar(): string {
    return this.#part.grammar
  }

  get value(): string {
    const { complete, parts, value } = this.#part
    if (!complete) {
      return ''
    }
    if (parts.length === 0) {
      return brief(value)
    }
    return Array.isArray(value)
      ? countOf(value.length, 'item')
      : value instanceof Map
        ? countOf(value.size, 'entry')
        : ''
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

  get spans(): ReadonlyArray<Span> {
    const { start, end } = this.#part
    return [{ stream: this.#stream, start: start + this.#base, end: end + this.#base }]
  }

  get count(): number {
    return this.#part.parts.length
  }

  child(index: number): PartItem {
    const part = this.#part.parts[index] as Part
    return new PartItem(part, this.#stream, this.#base, nameWithin(this.#part, part))
  }

  childAt(stream: StreamIndex, offset: number): number | null {
    if (stream !== this.#stream) {
      return null
    }
    const { parts } = this.#part
    const at = offset - this.#base
    let low = 0
    let high = parts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((parts[middle] as Part).start <= at) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    // The head of a frame stands inside the value that it cuts, so that the nearest start need not be it.
    for (let index = low - 1; index >= 0; index--) {
      if (at < (parts[index] as Part).end) {
        return index
      }
    }
    return null
  }

  details(): string {
    const { complete, value, start, end } = this.#part
    if (!complete) {
      return this.flaw
    }
    const shown =
      end - start > largestShown
        ? `${end - start} bytes: open it to see what they are`
        : visible(stringify(view(value), undefined, 2) ?? '')
    return this.flaw === '' ? shown : `${shown}\n\n${this.flaw}`
  }
}

const countOf = (count: number, one: 'item' | 'entry'): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : one === 'item' ? 'items' : 'entries'}`

const nameWithin = (around: Part, { path, role }: Part): string => {
  if (path.length > around.path.length) {
    const step = path[path.length - 1]
    const name = typeof step === 'number' ? `[${step}]` : (step ?? '')
    return role === 'value' ? name : `${name} ${role}`
  }
  return role === 'value' ? '' : role
}
