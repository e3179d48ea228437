import { escapedBytes } from '../../bytes/escaped.js'
import { greatestOf } from '../../combinators/greatest.js'
import type { ChoiceNode, IntNode, Node, TextNode, UntilNode } from '../../combinators/node.js'
import { Ids } from './ids.js'
import { integer } from './integers.js'
import { bytesLiteral, intLiteral, textLiteral } from './literals.js'
import type { Definition, Field, Reading, Types } from './types.js'
import type { Yaml } from './yaml.js'

/** The greatest value in an enum of Kaitai Struct. */
const mostOfEnum = 2n ** 63n - 1n

/** A number or a text before something: how it is read, and how it is compared. */
interface Mark {
  readonly reading: Reading
  /** What follows the name of its field. */
  readonly value: '' | '.value'
  readonly literal: (mark: unknown) => string
}

/** `isClosed`: only the compared values occur, so that texts of UTF-8 can be read as such. */
const markOf = (given: IntNode | TextNode, isClosed: boolean, types: Types): Mark => {
  if (given._tag === 'text') {
    const { name: _, summary: __, ...word } = given
    const node: TextNode = isClosed ? { ...word, encoding: 'utf8' } : given
    return {
      reading: { type: types.of(node, 'mark') },
      value: '.value',
      literal: (mark) => wordLiteral(node, String(mark)),
    }
  }
  const node = given
  const literal = (mark: unknown): string => intLiteral(BigInt(mark as number | bigint))
  const reading = integer(node)
  return reading === null
    ? { reading: { type: types.of(node, 'mark') }, value: '.value', literal }
    : { reading, value: '', literal }
}

const wordLiteral = ({ encoding }: TextNode, word: string): string =>
  encoding === 'escaped' ? bytesLiteral(escapedBytes(word) ?? new Uint8Array()) : textLiteral(word)

/** The check that a mark is one of these. */
const amongst = ({ value, literal }: Mark, marks: ReadonlyArray<unknown>): Yaml =>
  value === ''
    ? { 'any-of': marks.map(literal) }
    : { expr: marks.map((mark) => `_${value} == ${literal(mark)}`).join(' or ') }

type Member = readonly [tag: bigint, id: string, name: string]

/** The names of the tags, if they are numbers that an enum can have. */
const membersOf = ({ tag, cases }: ChoiceNode): ReadonlyArray<Member> | null => {
  const ids = new Ids('case')
  return tag._tag === 'int' &&
    tag.keepBits === undefined &&
    cases.length > 0 &&
    cases.every((each) => typeof each.tag === 'bigint' && each.tag <= mostOfEnum)
    ? cases.map((each): Member => [each.tag as bigint, ids.take(each.name), each.name])
    : null
}

const enumYaml = (members: ReadonlyArray<Member>): Yaml => ({
  tag: new Map<string | bigint, Yaml>(
    [...members]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, id, name]) => [tag, id === name ? id : { id, '-orig-id': name }]),
  ),
})

/** The check of a tag: one of the cases, or, if others are kept, any value of its integer. */
const tagCheck = (node: ChoiceNode, mark: Mark, isEnum: boolean): Yaml | undefined => {
  const { tag, cases, rest } = node
  if (rest === undefined) {
    return isEnum
      ? { 'in-enum': true }
      : amongst(
          mark,
          cases.map((each) => each.tag),
        )
  }
  const bounded = tag._tag === 'int' && tag.keepBits === undefined && tag.max < 2n ** 64n - 1n
  return bounded && isEnum ? { expr: `_.to_i <= ${greatestOf(tag)}` } : mark.reading.valid
}

const isSent = (body: Node | undefined): body is Node => body !== undefined && body._tag !== 'pure'

export const choiceDefinition = (node: ChoiceNode, id: string, types: Types): Definition => {
  const { tag, cases, rest, summary = '' } = node
  const isClosed =
    rest === undefined && cases.every((each) => typeof each.tag === 'bigint' || each.tag.isWellFormed())
  const mark = markOf(tag, isClosed, types)
  const members = membersOf(node)
  const bodies = new Map(
    cases.flatMap(({ name, tag: each, body }, i) =>
      isSent(body)
        ? [
            [
              members === null ? mark.literal(each) : `tag::${members[i]![1]}`,
              types.of(body, `${id}_${name}`),
            ] as const,
          ]
        : [],
    ),
  )
  if (typeof rest === 'object' && isSent(rest.body)) {
    bodies.set('_', types.of(rest.body, `${id}_${rest.name}`))
  }
  const key = bodies.size === 0 ? 'value' : 'tag'
  const { valid: _, ...reading } = mark.reading
  const tagField: Field = {
    id: key,
    ...reading,
    ...(members === null ? {} : { enum: 'tag' }),
    valid: tagCheck(node, mark, members !== null),
  }
  const body: Field = {
    id: 'body',
    type: { 'switch-on': `${key}${mark.value}`, cases: bodies },
  }
  return {
    doc: [summary, ...restWords(node)],
    fields: bodies.size === 0 ? [tagField] : [tagField, body],
    ...(members === null ? {} : { enums: enumYaml(members) }),
    shown: bodies.size === 0 ? `{value${mark.value}}` : `{tag${mark.value}}`,
  }
}

const restWords = ({ rest, shape, cases }: ChoiceNode): ReadonlyArray<string> => [
  ...(shape._tag === 'option' ? [`${cases[0]?.name ?? ''} is an absent value`] : []),
  ...(rest === undefined
    ? []
    : rest === 'tag'
      ? ['any other number is kept, and nothing follows it']
      : [`any other is ${rest.name}`]),
]

const hasPlainMarks = ({ next, end }: UntilNode): boolean =>
  [next, end].every((mark) => typeof mark !== 'string' || mark.isWellFormed())

export const untilDefinition = (node: UntilNode, name: string, types: Types): Definition => {
  const { value, literal } = markOf(node.mark, hasPlainMarks(node), types)
  return {
    doc: [node.summary ?? '', 'items, a mark before each and another one at the end'],
    fields: [
      {
        id: 'items',
        type: types.helper(node, `${name}_item`, node, (id) => stepDefinition(node, id, types)),
        repeat: 'until',
        'repeat-until': `_.mark${value} == ${literal(node.end)}`,
      },
    ],
  }
}

/** One item of these, or the end of them. */
const stepDefinition = (node: UntilNode, name: string, types: Types): Definition => {
  const mark = markOf(node.mark, hasPlainMarks(node), types)
  const item = integer(node.item) ?? { type: types.of(node.item, name) }
  return {
    doc: ['an item behind its mark, or the mark at the end'],
    fields: [
      { id: 'mark', ...mark.reading, valid: amongst(mark, [node.next, node.end]) },
      { id: 'item', ...item, if: `mark${mark.value} == ${mark.literal(node.next)}` },
    ],
  }
}
