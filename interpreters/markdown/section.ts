import type {
  AnyGrammar,
  ChoiceNode,
  GatedNode,
  ImapNode,
  Node,
  RestNode,
  SequenceNode,
  StructNode,
} from '../../combinators/node.js'
import { linkOf, linkTo, type Names } from './names.js'
import { type FieldForm, intFacts, isOptionalText, Speaker, toTheEnd } from './said.js'
import { textBody } from './texts.js'
import { armsOf, bound, constant, mark, number } from './values.js'

/** The lines of a grammar's section, heading included. */
export const section = (
  name: string,
  { node }: AnyGrammar,
  names: Names,
  level: number,
): ReadonlyArray<string> => new Section(name, names).lines(node, level)

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`

const heading = (level: number, text: string): ReadonlyArray<string> => [
  '',
  `${'#'.repeat(level)} ${text}`,
  '',
]

class Section {
  readonly #name: string
  readonly #names: Names
  readonly #speaker: Speaker

  constructor(name: string, names: Names) {
    this.#name = name
    this.#names = names
    this.#speaker = new Speaker(names)
  }

  lines(node: Node, level: number): ReadonlyArray<string> {
    const summary = node.summary === undefined ? [] : [sentence(node.summary), '']
    return [`${'#'.repeat(level)} ${this.#name}`, '', ...summary, ...this.#body(node, level), '']
  }

  #body(node: Node, level: number): ReadonlyArray<string> {
    this.#speaker.tell(node)
    switch (node._tag) {
      case 'int': {
        const [range, ...rest] = intFacts(node)
        return [
          `Eight bytes, little endian, unsigned: ${range}.${rest.map((each) => ` ${sentence(each)}`).join('')}`,
        ]
      }
      case 'bool':
        return [
          node.strict
            ? 'Eight bytes: 0 is false, 1 is true, and nothing else is allowed.'
            : `Eight bytes, at most ${bound(node.max)}: 0 is false, everything else is true. Written as 0 or 1; ` +
              'the canonical profile reads nothing else.',
        ]
      case 'bytes':
        return node.length === 'padded'
          ? [
              `- len :: ${this.#names.has('UInt64') ? linkTo('UInt64') : '`u64`'}`,
              '- len bytes of content',
              '- zeros up to a multiple of 8 bytes',
              ...(node.limit === undefined ? [] : ['', `At most ${node.limit} bytes of content.`]),
            ]
          : node.length === 'toEnd'
            ? [
                `All bytes ${toTheEnd}, without length or padding.`,
                ...(node.limit === undefined ? [] : ['', `At most ${node.limit} bytes.`]),
              ]
            : [`${node.length} bytes, without length or padding.`]
      case 'text':
        return textBody(node, this.#name, this.#names)
      case 'struct':
        return this.#struct(node, level)
      case 'sequence':
        return this.#sequence(node)
      case 'choice':
        return this.#choice(node, level)
      case 'gated':
        return this.#gated(node, level)
      case 'pure':
        return [`Nothing is sent; the value is ${constant(node)}.`]
      case 'lazy':
        return this.#body(node.get(), level)
      case 'imap':
        return this.#imap(node, level)
      case 'until': {
        const { text, below } = this.#speaker.say(node.item)
        const around = `${mark(node.next)} (${this.#speaker.leaf(node.mark)}) before each ${text}`
        return [`${around}, ${mark(node.end)} at the end.`, ...under(below)]
      }
      case 'span': {
        const { text, below } = this.#speaker.say(node.inner)
        return [
          `The value comes with its bytes, as they were read. On the wire it is ${text}.`,
          ...under(below),
        ]
      }
      case 'framed': {
        const { text, below } = this.#speaker.say(node.inner)
        return [
          'Frames: a length (`u64`, below 2^32), that many bytes without padding, and so on; a length of 0 ends them.',
          `They hold: ${text}.`,
          ...under(below),
        ]
      }
    }
  }

  #struct(node: StructNode, level: number): ReadonlyArray<string> {
    const list = this.#speaker.fixedList(node)
    return list === null
      ? fieldLines(
          node.fields.flatMap((field) => this.#speaker.field(field)),
          level,
        )
      : [`${list.text}, without a count.`, ...under(list.below)]
  }

  #sequence(node: SequenceNode): ReadonlyArray<string> {
    const { text, below } = this.#speaker.sequence(node)
    if (node.count === 'toEnd') {
      return [`${text}: without a count, in the given order.`, ...under(below)]
    }
    const order = node.kind === 'list' ? ' in the given order' : ', ascending'
    const twice = node.kind === 'map' ? ` Of two entries with one key the ${node.duplicates} one counts.` : ''
    return [
      `${text}: a count (${this.#speaker.leaf(node.count)}), then the items${order}.${twice}`,
      ...under(below),
    ]
  }

  #imap(node: ImapNode, level: number): ReadonlyArray<string> {
    const { inner } = node
    const shown = this.#speaker.shownAs(node)
    return [
      ...(linkOf(inner, this.#names) !== null && inner.name !== this.#name
        ? [`Made of ${linkOf(inner, this.#names)}.`]
        : [...inSummary(inner, node), ...this.#body(inner, level)]),
      ...(isOptionalText(node) ? ['', 'The empty string stands for an absent value.'] : []),
      ...(shown === '' ? [] : ['', sentence(shown.slice(2, -1))]),
    ]
  }

  #choice(node: ChoiceNode, level: number): ReadonlyArray<string> {
    const tag = this.#speaker.leaf(node.tag)
    const { shape, rest, cases } = node
    const open = rest === 'tag'
    const key = shape._tag === 'tagged' ? shape.key : 'tag'
    if (typeof rest !== 'object' && cases.every((each) => each.body === undefined)) {
      const kind = shape._tag === 'option' ? 'optional enum' : open ? 'open enum' : 'enum'
      const shown = cases.map(({ name, tag: each }, i) => [
        shape._tag === 'option' && i > 0 ? `Some(${name})` : name,
        typeof each === 'string' ? each : number(each),
      ])
      return [
        `${article(kind)} ${kind} (${tag})${open ? '; other numbers are kept' : ''}:`,
        '',
        ...table(['Name', node.tag._tag === 'int' ? 'Int' : 'Word'], shown),
      ]
    }
    const bodiless = cases.filter(({ body }) => body === undefined)
    return [
      `- ${key} :: ${tag}`,
      ...cases.flatMap(({ name, tag: each, body }) => this.#case(node, key, name, each, body, level)),
      ...(typeof rest === 'object' ? this.#others(rest, key, level) : []),
      ...(bodiless.length === 0
        ? []
        : ['', `Nothing follows ${bodiless.map((each) => `${mark(each.tag)} (${each.name})`).join(', ')}.`]),
      ...(open ? ['', 'Other numbers are kept, and nothing follows them.'] : []),
    ]
  }

  #case(
    { shape }: ChoiceNode,
    key: string,
    name: string,
    tag: bigint | string,
    body: Node | undefined,
    level: number,
  ): ReadonlyArray<string> {
    if (body === undefined) {
      return []
    }
    const shown = typeof tag === 'string' ? tag : number(tag)
    const when =
      shape._tag === 'tagged' ? `If ${key} is ${name} (${shown})` : `If ${key} is ${shown} (${name})`
    return [...heading(level + 1, when), ...this.#bodyLines(body, shape._tag === 'tagged', level)]
  }

  #others({ name, key, body }: RestNode, tag: string, level: number): ReadonlyArray<string> {
    const title = heading(level + 1, `If ${tag} is any other (${name}, which keeps it as ${key})`)
    return [...title, ...this.#bodyLines(body, true, level)]
  }

  /** What follows a tag; the fields of a union's case are fields of the value. */
  #bodyLines(body: Node, isCase: boolean, level: number): ReadonlyArray<string> {
    const fields: ReadonlyArray<FieldForm> =
      body._tag === 'struct' && isCase
        ? body.fields.flatMap((field) => this.#speaker.field(field))
        : this.#speaker.field({ key: 'value', node: body })
    return fields.length === 0 ? ['Nothing follows.'] : fieldLines(fields, level + 1)
  }

  #gated(node: GatedNode, level: number): ReadonlyArray<string> {
    const arms = armsOf(node).flatMap(({ if: when, node: arm }) => {
      const link = arm.name === this.#name ? null : linkOf(arm, this.#names)
      return [
        ...heading(level + 1, `If ${when}`),
        ...(link === null ? [...inSummary(arm, node), ...this.#body(arm, level + 1)] : [link]),
      ]
    })
    return node.otherwise._tag === 'pure'
      ? [...arms, '', `Otherwise nothing is sent; the value is ${constant(node.otherwise)}.`]
      : arms
  }
}

/** The summary of a node inside, if it has one of its own. */
const inSummary = ({ summary }: Node, around: Node): ReadonlyArray<string> =>
  summary === undefined || summary === around.summary ? [] : [sentence(summary), '']

const under = (below: ReadonlyArray<string>): ReadonlyArray<string> =>
  below.length === 0 ? [] : ['', ...below]

/** Fields under headings with their conditions. */
const fieldLines = (forms: ReadonlyArray<FieldForm>, level: number): ReadonlyArray<string> => {
  let last: string | null = null
  return forms.flatMap(({ if: when, lines }) => {
    const head = when === last ? [] : heading(level + 1, when === null ? 'Always' : `If ${when}`)
    last = when
    return [...head, ...lines]
  })
}

const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): ReadonlyArray<string> => {
  const widths = head.map((title, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), title.length),
  )
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? 'An' : 'A')
