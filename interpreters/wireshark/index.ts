import { expectArray, expectGrammar, expectNames, expectText } from '../../combinators/expect.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { checkOptions, elsewhere, type OptionChecks, word } from '../../combinators/options.js'
import { quoted } from '../../combinators/show.js'
import { engine } from './engine/index.js'
import { type Field, Fields, type FieldType } from './fields.js'
import { type LuaTable, lua } from './lua.js'
import { Rows } from './rows.js'

/** A message, and the packet headers that announce it. */
export interface WiresharkMessage {
  /** The type that the header gives. */
  readonly type: string
  /** The operation that the header gives; any if absent. */
  readonly operation?: string
  /** The major number of the version that the header gives; any if absent. */
  readonly major?: number
  /** The side that the header gives; any if absent. */
  readonly side?: string
  /** The start of the names of its display filters, after the name of the protocol: `Brew`, `Brew.reply`. */
  readonly filter: string
  readonly grammar: AnyGrammar
}

export interface WiresharkOptions {
  /** The name of the dissector, with which all display filters begin and which packets refer to. */
  readonly name: string
  /** The text in Wireshark's protocol column. Default: the name. */
  readonly title?: string
  /**
   * The header before the message in each packet: a struct with `side`, `event`, `part`, `version`, `features`,
   * `operation` and `type`, such as `PacketHeader` of nix-wire/session.
   */
  readonly header: AnyGrammar
}

const checks: OptionChecks<WiresharkOptions> = { name: word, title: word, header: elsewhere }

/** Filters of fields in every packet, whatever its message. */
const taken: ReadonlyMap<string, FieldType> = new Map([['data', 'bytes']])

/**
 * A dissector for Wireshark, in Lua: the nodes of the grammars as tables, and a small engine that walks them. Each
 * packet has the version and the features, so that the dissector keeps no state between packets.
 *
 * It reads packets of the link type 252 that name the dissector, as `RecordingWriter` of nix-wire/session writes
 * them. The display filter of a value is the name of the protocol, the `filter` of the message, and the path in its
 * JSON form: `tea.Order.cups > 2`. A case of a union is a step of the path (`tea.Note.Burnt.why`); items have the
 * path of their list; a map has `key` and `value`; a value of a second type at the same path has the type as a suffix
 * (`tea.Order.size_string`). A recursive value has the path of the outermost one.
 *
 * ```ts
 * import { enumOf, listOf, struct, u8, utf8 } from 'nix-wire'
 * import { toWireshark } from 'nix-wire/interpreters'
 * import { PacketHeader } from 'nix-wire/session'
 *
 * const Order = struct('Order', { cups: u8, leaf: enumOf(u8, { Green: 0, Black: 1 }), with: listOf(utf8) })
 * const messages = [{ type: 'Order', filter: 'Order', grammar: Order }]
 * const script = toWireshark(messages, { name: 'tea', header: PacketHeader })
 * script.includes('"Order.cups"') // => true
 * ```
 *
 * An issue is shown as an expert item with the byte, what was expected and what was there. Sizes, bounds, paddings,
 * UTF-8, tags, constants and ends are checked. The functions of text formats, `imap` and `refine` are not: texts are
 * shown as they came, and an `imap` as its inner value, except versions, signed integers, flags and optional texts.
 * Order is not checked either. At most 100,000 values of a packet are shown.
 *
 * @throws TypeError for a header without these fields; RangeError for a name that a display filter cannot begin with.
 */
export const toWireshark = (messages: ReadonlyArray<WiresharkMessage>, options: WiresharkOptions): string => {
  expectArray('the messages of toWireshark', messages)
  checkOptions('toWireshark', checks, options)
  const { name, title = name, header } = options
  expectName(name)
  const rows = new Rows()
  const fields = new Fields(rows, taken)
  const headerNumber = headerOf(rows, fields, header)
  const told = messages.map((message) => toldOf(rows, fields, message))
  return [
    `-- A dissector of ${name} for Wireshark: put it into the folder of your personal Lua plugins.`,
    `local protocol = ${lua({ name, title })}`,
    ...table('nodes', rows.all),
    ...fieldTables(fields.all),
    ...table('messages', told),
    `local header = ${headerNumber}`,
    engine,
  ].join('\n')
}

const expectName = (name: string): void => {
  expectText('the name of a dissector', name)
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
    throw new RangeError(
      `the name of a dissector must consist of lower-case letters, digits, - and _, and begin with a letter, not ${quoted(name)}`,
    )
  }
}

const wanted = ['side', 'event', 'part', 'version', 'features', 'operation', 'type']

const headerOf = (rows: Rows, fields: Fields, header: AnyGrammar): number => {
  expectGrammar('the option header of toWireshark', header)
  const { node } = header
  const keys = node._tag === 'struct' ? node.fields.map(({ key }) => key) : []
  const missing = wanted.find((key) => !keys.includes(key))
  if (missing !== undefined) {
    throw new TypeError(`the option header of toWireshark must be a struct with a field ${missing}`)
  }
  const number = rows.numberOf(node)
  fields.visit(number, '')
  return number
}

const parts: ReadonlyArray<keyof WiresharkMessage> = [
  'type',
  'operation',
  'major',
  'side',
  'filter',
  'grammar',
]

const toldOf = (rows: Rows, fields: Fields, message: WiresharkMessage): LuaTable => {
  expectNames('the parts of a message', message, 'part', parts)
  const { type, operation, major, side, filter, grammar } = message
  expectText('the type of a message', type)
  expectText('the filter of a message', filter)
  expectGrammar(`the grammar of ${quoted(type)}`, grammar)
  const node = rows.numberOf(grammar.node)
  fields.visit(node, filter)
  return { type, operation, major, side, path: filter, node }
}

/** A Lua table with a line for each item. */
const table = (name: string, items: ReadonlyArray<LuaTable>): ReadonlyArray<string> => [
  `local ${name} = {`,
  ...items.map((item, i) => `  ${lua(item)}, -- ${i + 1}`),
  '}',
]

/** Fields by their types, and the filters of those that cannot be found by their path. */
const fieldTables = (fields: ReadonlyArray<Field>): ReadonlyArray<string> => {
  const types = [...new Set(fields.map(({ type }) => type))]
  const ofType = (type: FieldType): ReadonlyArray<Field> => fields.filter((field) => field.type === type)
  return [
    'local fields = {',
    ...types.flatMap((type) => [
      `  ${type} = {`,
      ...ofType(type).map(({ path }) => `    ${lua(path)},`),
      '  },',
    ]),
    '}',
    'local renamed = {',
    ...types.map((type) => {
      const others = ofType(type).filter(({ path, filter }) => path !== filter)
      return `  ${type} = ${lua(Object.fromEntries(others.map(({ path, filter }) => [path, filter])))},`
    }),
    '}',
  ]
}
