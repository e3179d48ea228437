import type {
  BoolNode,
  BytesNode,
  ChoiceNode,
  FieldNode,
  GatedNode,
  ImapNode,
  IntNode,
  Node,
  SequenceNode,
  StructNode,
  TextNode,
} from '../../combinators/node.js'
import { size } from '../../combinators/primitives/int.js'
import { linkOf, type Names } from './names.js'
import { textFacts } from './texts.js'
import { armsOf, bound, condition, constant, mark, value, valueIn } from './values.js'

/** The description of a node inside another: some words, and lines below them. */
export interface Said {
  readonly text: string
  readonly below: ReadonlyArray<string>
}

const plain = (text: string): Said => ({ text, below: [] })

const indented = (lines: ReadonlyArray<string>): ReadonlyArray<string> => lines.map((line) => `  ${line}`)

const facts = (name: string, parts: ReadonlyArray<string>): string =>
  parts.length === 0 ? name : `${name} (${parts.join(', ')})`

export const intFacts = ({ max, keepBits }: IntNode): ReadonlyArray<string> => [
  `0 to ${bound(max)}`,
  ...(keepBits === undefined ? [] : [`only the low ${keepBits} bits count`]),
]

const boolFacts = ({ max, strict }: BoolNode): ReadonlyArray<string> =>
  strict ? ['0 is false, 1 is true'] : [`0 is false, everything else up to ${bound(max)} is true`]

/** The extent of something with neither length nor count. */
export const toTheEnd = 'to the end of the message or of its frames'

const bytesFacts = ({ length, limit }: BytesNode): ReadonlyArray<string> => [
  length === 'padded' ? 'padded bytes' : length === 'toEnd' ? `bytes ${toTheEnd}` : `${length} bytes`,
  ...(limit === undefined ? [] : [`at most ${limit} bytes`]),
]

/** A field that some protocols lack, if its gate is no more than that. */
const simpleGate = (
  node: Node,
): { readonly if: string; readonly node: Node; readonly value: unknown } | null => {
  const [arm, ...others] = node._tag === 'gated' ? node.arms : []
  return node._tag === 'gated' && arm !== undefined && others.length === 0 && node.otherwise._tag === 'pure'
    ? { if: condition(arm.gate), node: arm.node, value: node.otherwise.value }
    : null
}

/** The forms of a field with their conditions; null if it has only one. */
export interface FieldForm {
  readonly if: string | null
  readonly lines: ReadonlyArray<string>
}

/** Whether a tuple is a list of fixed length: one item repeated. */
const isFixedList = ({ shape, fields }: StructNode): boolean =>
  shape === 'tuple' &&
  fields.length > 1 &&
  fields.every(({ node, fixed }) => node === fields[0]!.node && fixed === undefined)

/** Says what nodes are. What has a section is linked; anything else is told whole when it comes first. */
export class Speaker {
  readonly names: Names
  readonly #told = new Set<Node>()

  constructor(names: Names) {
    this.names = names
  }

  /** Leaves a node out where it comes again: it has just been told, or is about to be. */
  tell(node: Node): void {
    this.#told.add(node)
  }

  say(node: Node): Said {
    const link = linkOf(node, this.names)
    if (link !== null) {
      return plain(link)
    }
    if (node.name !== undefined && this.#told.has(node) && !isLeaf(node)) {
      return plain(`\`${node.name}\``)
    }
    this.#told.add(node)
    const said = this.#whole(node)
    const summary = node.summary === undefined ? '' : `: ${node.summary}`
    return { text: `${calledSo(node)}${said.text}${summary}`, below: said.below }
  }

  /** A leaf in its own words, a tag or a mark among them. */
  leaf(node: IntNode | BoolNode | BytesNode | TextNode): string {
    const { name } = node
    const link = linkOf(node, this.names)
    if (link !== null) {
      return link
    }
    switch (node._tag) {
      case 'int':
        return facts(name === undefined ? 'integer' : `\`${name}\``, intFacts(node))
      case 'bool':
        return facts(name === undefined ? 'bool' : `\`${name}\``, boolFacts(node))
      case 'bytes': {
        const [what = '', ...rest] = bytesFacts(node)
        return name === undefined ? facts(what, rest) : facts(`\`${name}\``, [what, ...rest])
      }
      case 'text':
        return facts(
          name === undefined ? (node.format === null ? 'text' : `\`${node.format.name}\``) : `\`${name}\``,
          textFacts(node, this.names),
        )
    }
  }

  #whole(node: Node): Said {
    switch (node._tag) {
      case 'int':
      case 'bool':
      case 'bytes':
      case 'text':
        return plain(this.leaf(node))
      case 'struct':
        return this.#struct(node)
      case 'sequence':
        return this.sequence(node)
      case 'choice':
        return this.#choice(node)
      case 'gated':
        return this.#gated(node)
      case 'pure':
        return plain(`nothing (always ${constant(node)})`)
      case 'lazy':
        return this.say(node.get())
      case 'imap':
        return this.#imap(node)
      case 'until':
        return this.#around(
          node.item,
          (item) =>
            `items of ${item}, ${mark(node.next)} before each and ${mark(node.end)} at the end, as ${this.leaf(node.mark)}`,
        )
      case 'span':
        return this.#around(node.inner, (inner) => `${inner} (kept with its bytes)`)
      case 'framed':
        return this.#around(node.inner, (inner) => `frames that hold ${inner}`)
    }
  }

  #around(node: Node, text: (inner: string) => string): Said {
    const inner = this.say(node)
    return { text: text(inner.text), below: inner.below }
  }

  /** A collection, without its count if that is the usual one. */
  sequence(node: SequenceNode): Said {
    const count =
      node.count === size.node
        ? ''
        : ` (${node.count === 'toEnd' ? toTheEnd : `counted by ${this.leaf(node.count)}`})`
    if (node.kind !== 'map') {
      return this.#around(node.item, (item) => `${node.kind === 'set' ? 'Set' : 'List'} of ${item}${count}`)
    }
    const [key, item] = [this.say(node.key), this.say(node.item)]
    return {
      text: `Map of ${key.text} to ${item.text}${count}${node.duplicates === 'last' ? '' : ' (of two entries with one key the first counts)'}`,
      below: [...key.below, ...item.below],
    }
  }

  /** A list of fixed length, for a struct that is one. */
  fixedList(node: StructNode): Said | null {
    return isFixedList(node)
      ? this.#around(node.fields[0]!.node, (item) => `List of exactly ${node.fields.length} ${item}`)
      : null
  }

  #struct(node: StructNode): Said {
    const list = this.fixedList(node)
    if (list !== null) {
      return list
    }
    const name = node.name === undefined || node.name === 'tuple' ? '' : `\`${node.name}\``
    if (node.fields.length === 0) {
      return plain(name === '' ? 'no bytes' : facts(name, ['no bytes']))
    }
    const forms = node.fields.flatMap((field) => this.field(field))
    if (node.shape === 'tuple' && forms.every((form) => form.if === null && form.lines.length === 1)) {
      return plain(
        `${name}(${forms.map(({ lines }) => lines[0]?.replace(/^- item \d+ :: /, '')).join(', ')})`,
      )
    }
    const what = `these ${node.shape === 'tuple' ? 'items' : 'fields'}`
    return { text: name === '' ? what : facts(name, [what]), below: this.#nested(forms) }
  }

  #nested(forms: ReadonlyArray<FieldForm>): ReadonlyArray<string> {
    return indented(
      forms.flatMap(({ if: when, lines: [first = '', ...rest] }) => [
        when === null ? first : `${first} (if ${when})`,
        ...rest,
      ]),
    )
  }

  /** A field on lines of its own, once for each of its forms. */
  field(field: FieldNode): ReadonlyArray<FieldForm> {
    const { node } = field
    const gate = simpleGate(node)
    if (gate !== null && linkOf(node, this.names) === null) {
      return [
        {
          if: gate.if,
          lines: this.#fieldLines(field, gate.node, ` (defaults to ${valueIn(gate.node, gate.value)})`),
        },
      ]
    }
    if (node._tag === 'gated' && linkOf(node, this.names) === null) {
      const otherwise = node.otherwise._tag === 'pure' ? ` (defaults to ${constant(node.otherwise)})` : ''
      return armsOf(node).map((arm) => ({ if: arm.if, lines: this.#fieldLines(field, arm.node, otherwise) }))
    }
    return [{ if: null, lines: this.#fieldLines(field, node, '') }]
  }

  #fieldLines({ key, fixed }: FieldNode, node: Node, otherwise: string): ReadonlyArray<string> {
    const { text, below } = fixed?.ignored === false ? this.#mentioned(node) : this.say(node)
    const fixation =
      fixed === undefined
        ? otherwise
        : fixed.ignored
          ? ` (hardcoded to ${value(fixed.value)}, ignored)`
          : ` (always ${value(fixed.value)})`
    return [`- ${typeof key === 'number' ? `item ${key}` : key} :: ${text}${fixation}`, ...below]
  }

  /** A node whose only value is told beside it: of a primitive that has no section the name says enough. */
  #mentioned(node: Node): Said {
    return isLeaf(node) && node.name !== undefined && linkOf(node, this.names) === null
      ? plain(`\`${node.name}\``)
      : this.say(node)
  }

  #choice(node: ChoiceNode): Said {
    const { shape, rest, cases } = node
    const tag = this.leaf(node.tag)
    const key = shape._tag === 'tagged' ? `${shape.key} :: ` : ''
    const kept = rest === 'tag' ? ', other numbers are kept' : ''
    if (typeof rest !== 'object' && cases.every(({ body }) => body === undefined)) {
      const names = cases.map(({ name, tag: each }) => `${name} = ${mark(each)}`)
      return plain(`one of ${names.join(', ')}${kept} (${key}${tag})`)
    }
    const isTagged = shape._tag === 'tagged'
    const below = cases.flatMap(({ name, tag: each, body }) =>
      this.#case(`- ${mark(each)} (${name}): `, body, isTagged),
    )
    const others =
      typeof rest === 'object'
        ? this.#case(`- any other (${rest.name}, which keeps it as ${rest.key}): `, rest.body, true)
        : []
    return { text: `one of these${kept} (${key}${tag})`, below: indented([...below, ...others]) }
  }

  /** What follows a tag; the fields of a union's case are fields of the value. */
  #case(head: string, body: Node | undefined, isTagged: boolean): ReadonlyArray<string> {
    if (body === undefined) {
      return [`${head}nothing`]
    }
    if (body._tag === 'struct' && isTagged) {
      return body.fields.length === 0
        ? [`${head}nothing`]
        : [`${head}these fields`, ...this.#nested(body.fields.flatMap((field) => this.field(field)))]
    }
    const said = this.say(body)
    return [`${head}${said.text}`, ...said.below]
  }

  #gated(node: GatedNode): Said {
    const arms = armsOf(node).map((arm) => ({ ...arm, said: this.say(arm.node) }))
    const otherwise =
      node.otherwise._tag === 'pure' ? [`${constant(node.otherwise)}, on no bytes (otherwise)`] : []
    return {
      text: [...arms.map((arm) => `${arm.said.text} (if ${arm.if})`), ...otherwise].join(', '),
      below: arms.flatMap(({ said }) => said.below),
    }
  }

  #imap(node: ImapNode): Said {
    const inner = this.say(node.inner)
    const name = node.name === undefined || node.name === node.inner.name ? '' : `\`${node.name}\`, made of `
    const shown = isOptionalText(node) ? ' (empty if absent)' : this.shownAs(node)
    return { text: `${name}${inner.text}${shown}`, below: inner.below }
  }

  /** What the value of an `imap` looks like, if that is known. */
  shownAs({ inner, json, summary }: ImapNode): string {
    switch (typeof json) {
      case 'undefined':
        return ''
      case 'string':
        return ` (the value is a ${json})`
      case 'object':
        // A summary says more than the JSON form.
        return summary !== undefined || (isOptionView(json) && inner._tag === 'text')
          ? ''
          : ` (the value is ${this.say(json).text})`
    }
  }
}

/** Whether the empty text is absent only because of the view; otherwise the text says so. */
export const isOptionalText = ({ json, inner }: ImapNode): boolean =>
  isOptionView(json) && inner._tag === 'text' && !inner.optional

const isOptionView = (json: ImapNode['json']): boolean =>
  typeof json === 'object' && json._tag === 'choice' && json.shape._tag === 'option'

/** The name of a node whose own description lacks it. */
const calledSo = (node: Node): string =>
  node.name === undefined || isLeaf(node) || node._tag === 'struct' || node._tag === 'imap'
    ? ''
    : `\`${node.name}\`, `

const isLeaf = ({ _tag }: Node): boolean =>
  _tag === 'int' || _tag === 'bool' || _tag === 'bytes' || _tag === 'text'
