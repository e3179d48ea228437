import type { TextNode } from '../../combinators/node.js'
import type { TextFormat, TextPiece, TextSyntax } from '../../combinators/text-format.js'
import { linkOfFormat, type Names } from './names.js'
import { code, condition } from './values.js'

/** An alphabet in the range notation: `0-9a-f`. */
const ranges = (alphabet: string): string => {
  const codes = [...new Set([...alphabet].map((character) => character.charCodeAt(0)))].sort((a, b) => a - b)
  let text = ''
  for (let i = 0; i < codes.length; ) {
    let last = i
    while (codes[last + 1] === codes[last]! + 1) {
      last++
    }
    const [from, to] = [codes[i]!, codes[last]!].map((each) => String.fromCharCode(each))
    text += last - i > 1 ? `${from}-${to}` : String.fromCharCode(...codes.slice(i, last + 1))
    i = last + 1
  }
  return text
}

const count = (min: number, max: number): string =>
  min === max ? `${min}` : max < 65536 ? `${min} to ${max}` : `${min} or more`

const codes = (texts: ReadonlyArray<string>): string => texts.map(code).join(' or ')

const piece = (each: TextPiece): string => {
  switch (each._tag) {
    case 'literal':
      return code(each.text)
    case 'storeDir':
      return 'the store directory'
    case 'chars':
      return `${count(each.min, each.max)} characters of ${code(ranges(each.alphabet))}`
    case 'unless':
      return `what follows is not ${codes(each.whole)} and does not begin with ${codes(each.starts)}`
    case 'oneOf':
      return `one of ${each.texts.map(code).join(', ')}`
    case 'base64':
      return 'base64 of at least one byte'
  }
}

const syntaxLines = ({ gate, rules, note }: TextSyntax): ReadonlyArray<string> => [
  '',
  gate === undefined ? 'As it is written:' : `As it is written if ${condition(gate)}:`,
  '',
  '```text',
  ...rules,
  '```',
  ...(note === undefined ? [] : ['', note]),
]

/** The form of a format's texts, as paragraphs. */
const formLines = ({ pattern, syntax = [], strict }: TextFormat<unknown>): ReadonlyArray<string> => {
  if (pattern === undefined) {
    return syntax.flatMap(syntaxLines)
  }
  const written =
    strict === undefined
      ? 'As it is written:'
      : 'The compatible profile takes any text. The canonical one takes only this form:'
  return ['', written, '', ...pattern.map((each, i) => `${i + 1}. ${piece(each)}`)]
}

const formOnALine = ({ pattern, syntax = [] }: TextFormat<unknown>): ReadonlyArray<string> =>
  pattern === undefined
    ? syntax.flatMap(({ gate, rules, note }) => [
        ...(gate === undefined ? [] : [`if ${condition(gate)}`]),
        ...rules.map((rule) => `\`${rule}\``),
        ...(note === undefined ? [] : [note]),
      ])
    : [pattern.map(piece).join(', then ')]

/** The facts about a text besides its name, each in a few words. */
export const textFacts = (node: TextNode, names: Names): ReadonlyArray<string> => {
  const { encoding, format, optional, limit, summary } = node
  const link = format === null ? null : linkOfFormat(format, names)
  return [
    encoding === 'escaped' ? 'padded bytes, mostly UTF-8' : 'padded UTF-8',
    ...(optional ? ['empty if absent'] : []),
    ...(limit === undefined ? [] : [`at most ${limit} bytes`]),
    ...(format === null || link !== null ? [] : format.summary === summary ? [] : [format.summary]),
    ...(format === null ? [] : link === null ? formOnALine(format) : [link]),
  ]
}

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`

const encodings = {
  escaped: { name: 'Text', plain: 'Padded bytes, mostly UTF-8; bytes that are not are kept as they are.' },
  utf8: { name: 'String', plain: 'Padded bytes, strict UTF-8.' },
}

/** A link to the section of texts without a format, by their encoding. */
const encodingOf = ({ encoding, format }: TextNode, names: Names): string => {
  const { name, plain } = encodings[encoding]
  const node = names.get(name)?.node
  const isIt = node?._tag === 'text' && node.encoding === encoding && node.format === null
  return format !== null && isIt ? `A [${name}](#${name.toLowerCase()}).` : plain
}

/** The description of a text, as paragraphs of the section `name`. */
export const textBody = (node: TextNode, name: string, names: Names): ReadonlyArray<string> => {
  const { format, optional, limit } = node
  const link = format === null || format.name === name ? null : linkOfFormat(format, names)
  const isAnother = format !== null && format.name !== name && format.summary !== node.summary
  return [
    [
      encodingOf(node, names),
      ...(optional ? ['The empty string stands for an absent value.'] : []),
      ...(link !== null
        ? [`${optional ? 'Otherwise ' : 'A '}${link}.`]
        : isAnother
          ? [sentence(format.summary)]
          : []),
      ...(limit === undefined ? [] : [`At most ${limit} bytes.`]),
    ].join(' '),
    ...(format === null || link !== null ? [] : formLines(format)),
  ]
}
