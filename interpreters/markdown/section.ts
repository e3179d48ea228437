import type { Gate } from '../../combinators/gate.js'
import type {
  AnyGrammar,
  ChoiceNode,
  FieldNode,
  GatedNode,
  ImapNode,
  Node,
  StructNode,
} from '../../combinators/node.js'
import { nodeName } from '../../combinators/node.js'
import { pattern } from './pattern.js'
import { isFixedList, link, type Names, reference, showDefault, showGate, showMark } from './reference.js'

/** The lines of a grammar's section, heading included. */
export const section = (
  name: string,
  { node }: AnyGrammar,
  names: Names,
  level: number,
): ReadonlyArray<string> => {
  const heading = '#'.repeat(level)
  const summary = node.summary === undefined ? [] : [sentence(node.summary), '']
  return [`${heading} ${name}`, '', ...summary, ...body(node, name, names, level), '']
}

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`

const body = (node: Node, name: string, names: Names, level: number): ReadonlyArray<string> => {
  switch (node._tag) {
    case 'int':
      return [
        `Eight bytes, little endian, unsigned: 0 to ${bound(node.max)}.` +
          (node.keepBits === undefined ? '' : ` Only the low ${node.keepBits} bits count.`),
      ]
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
            `- len :: ${names.has('UInt64') ? link('UInt64', names) : '`u64`'}`,
            '- len bytes of content',
            '- zeros up to a multiple of 8 bytes',
            ...(node.limit === undefined ? [] : ['', `At most ${node.limit} bytes of content.`]),
          ]
        : [`${node.length} bytes, without length or padding.`]
    case 'text':
      return textBody(node, name, names)
    case 'struct':
      return isFixedList(node)
        ? [`${reference({ ...node, name: undefined } as never, names)}, without a count.`]
        : fields(node, names, level)
    case 'sequence':
      return [
        `${reference({ ...node, name: undefined } as never, names)}: a count (${link(nodeName(node.count), names)}), then the items` +
          `${node.kind === 'list' ? ' in the given order' : ', ascending'}.` +
          (node.kind === 'map' ? ` Of two entries with one key the ${node.duplicates} one counts.` : ''),
      ]
    case 'choice':
      return choice(node, names, level)
    case 'gated':
      return gated(node, name, names, level)
    case 'pure':
      return [`Nothing is sent; the value is ${showDefault(node.value)}.`]
    case 'lazy':
      return body(node.get(), name, names, level)
    case 'imap':
      return [
        ...body(node.inner, name, names, level),
        ...(isOptionalText(node) ? ['', 'The empty string stands for an absent value.'] : []),
      ]
    case 'until':
      return [
        `${showMark(node.next)} (${reference(node.mark, names)}) before each ${reference(node.item, names)}, ` +
          `${showMark(node.end)} at the end.`,
      ]
    case 'framed':
      return [
        'Frames: a length (`u64`, below 2^32), that many bytes without padding, and so on; a length of 0 ends them.',
        `They hold: ${reference(node.inner, names)}.`,
      ]
  }
}

/** Whether the empty text is absent only by what the view makes of it; else the text says so. */
const isOptionalText = ({ json, inner }: ImapNode): boolean =>
  typeof json === 'object' &&
  json._tag === 'choice' &&
  json.shape._tag === 'option' &&
  inner._tag === 'text' &&
  !inner.optional

const bound = (max: bigint): string => {
  const powers: ReadonlyArray<number> = [32, 53, 63, 64]
  const power = powers.find((n) => 2n ** BigInt(n) - 1n === max)
  return power === undefined ? String(max) : `2^${power}−1`
}

const textBody = (
  { encoding, format, optional, limit }: Node & { readonly _tag: 'text' },
  name: string,
  names: Names,
): ReadonlyArray<string> => {
  const plain = encoding === 'escaped' ? 'Text' : 'String'
  const what =
    format !== null && names.has(plain)
      ? `A ${link(plain, names)}.`
      : encoding === 'escaped'
        ? 'Padded bytes, mostly UTF-8; bytes that are not are kept as they are.'
        : 'Padded bytes, strict UTF-8.'
  const written =
    format?.strict === undefined
      ? 'As it is written:'
      : 'The compatible profile takes any text. The canonical one takes only this form:'
  const form = format?.pattern === undefined ? [] : ['', written, '', ...pattern(format.pattern)]
  return [
    [
      what,
      ...(optional ? ['The empty string stands for an absent value.'] : []),
      ...(format !== null && format.name !== name && !names.has(format.name)
        ? [sentence(format.summary)]
        : []),
      ...(format !== null && format.name !== name && names.has(format.name)
        ? [`Otherwise ${link(format.name, names)}.`]
        : []),
      ...(limit === undefined ? [] : [`At most ${limit} bytes.`]),
    ].join(' '),
    ...form,
  ]
}

/** A field that some protocols have, when that is all there is to its gate. */
const simpleGate = ({
  node,
}: FieldNode): { readonly gate: Gate; readonly node: Node; readonly value: unknown } | null => {
  const [arm, ...others] = node._tag === 'gated' ? node.arms : []
  return node._tag === 'gated' && arm !== undefined && others.length === 0 && node.otherwise._tag === 'pure'
    ? { gate: arm.gate, node: arm.node, value: node.otherwise.value }
    : null
}

const fields = (node: StructNode, names: Names, level: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let heading: string | null = null
  const under = (gate: string | null): void => {
    if (gate !== heading) {
      lines.push('', `${'#'.repeat(level + 1)} ${gate === null ? 'Always' : `If ${gate}`}`, '')
      heading = gate
    }
  }
  for (const field of node.fields) {
    const gated = simpleGate(field)
    const arms = gated === null && field.node._tag === 'gated' ? field.node : null
    if (arms !== null && !(arms.name !== undefined && names.has(arms.name))) {
      for (const { gate, node: each } of otherwiseLast(arms)) {
        under(gate)
        lines.push(fieldLine(field, each, names, defaultOf(arms)))
      }
      continue
    }
    under(gated === null ? null : showGate(gated.gate))
    lines.push(
      fieldLine(
        field,
        gated?.node ?? field.node,
        names,
        gated === null ? '' : ` (defaults to ${showDefault(gated.value)})`,
      ),
    )
  }
  return lines
}

const defaultOf = ({ otherwise }: GatedNode): string =>
  otherwise._tag === 'pure' ? ` (defaults to ${showDefault(otherwise.value)})` : ''

/** The arms of a gated node with the conditions that they have after those before them. */
const otherwiseLast = ({
  arms,
  otherwise,
}: GatedNode): ReadonlyArray<{ readonly gate: string; readonly node: Node }> => [
  ...arms.map(({ gate, node }, i) => ({ gate: `${i > 0 ? 'otherwise ' : ''}${showGate(gate)}`, node })),
  ...(otherwise._tag === 'pure' ? [] : [{ gate: 'none of these holds', node: otherwise }]),
]

const fieldLine = (
  { key, fixed, node: whole }: FieldNode,
  node: Node,
  names: Names,
  otherwise: string,
): string => {
  const constant =
    fixed === undefined
      ? otherwise
      : ` (${fixed.ignored ? 'hardcoded to' : 'always'} ${showDefault(fixed.value)}${fixed.ignored ? ', not looked at' : ''})`
  const summary =
    whole.name === undefined && node.name === undefined && node.summary ? `: ${node.summary}` : ''
  return `- ${typeof key === 'number' ? `item ${key}` : key} :: ${reference(node, names)}${constant}${summary}`
}

const choice = (node: ChoiceNode, names: Names, level: number): ReadonlyArray<string> => {
  const tag = reference(node.tag, names)
  if (node.cases.every((each) => each.body === undefined)) {
    const kind = node.shape._tag === 'option' ? 'optional enum' : node.open ? 'open enum' : 'enum'
    const shown = node.cases.map((each, i) => ({
      name: node.shape._tag === 'option' && i > 0 ? `Some(${each.name})` : each.name,
      tag: String(each.tag),
    }))
    return [
      `${article(kind)} ${kind} (${tag})${node.open ? '; other numbers are kept' : ''}:`,
      '',
      ...table(
        ['Name', 'Int'],
        shown.map((each) => [each.name, each.tag]),
      ),
    ]
  }
  const key = node.shape._tag === 'tagged' ? node.shape.key : 'tag'
  const one = ({ name, body: each, tag: value }: ChoiceNode['cases'][number]): ReadonlyArray<string> =>
    each === undefined
      ? []
      : [
          '',
          `${'#'.repeat(level + 1)} If ${key} is ${node.shape._tag === 'tagged' ? name : value} (${value})`,
          '',
          ...(each._tag === 'struct' && node.shape._tag === 'tagged'
            ? fields(each, names, level + 1)
            : [`- value :: ${reference(each, names)}`]),
        ]
  return [
    `- ${key} :: ${tag}`,
    ...node.cases.flatMap(one),
    ...(node.cases.some((each) => each.body === undefined)
      ? [
          '',
          `Nothing follows ${node.cases
            .filter((each) => each.body === undefined)
            .map((each) => `${showMark(each.tag)} (${each.name})`)
            .join(', ')}.`,
        ]
      : []),
    ...(node.open ? ['', 'Other numbers are kept, and nothing follows them.'] : []),
  ]
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

const gated = (node: GatedNode, name: string, names: Names, level: number): ReadonlyArray<string> => {
  const arms = otherwiseLast(node).flatMap(({ gate, node: each }) => [
    '',
    `${'#'.repeat(level + 1)} If ${gate}`,
    '',
    ...(each.name !== undefined && each.name !== name && names.has(each.name)
      ? [reference(each, names)]
      : body(each, each.name ?? '', names, level + 1)),
  ])
  return node.otherwise._tag === 'pure'
    ? [...arms, '', `Elsewhere nothing is sent; the value is ${showDefault(node.otherwise.value)}.`]
    : arms
}
