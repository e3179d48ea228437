import { markdownTable } from '../../bytes/markdown-table.js'
import { showGate } from '../../combinators/gate.js'
import { nodeName } from '../../combinators/node.js'
import { unquoted } from '../../combinators/show.js'
import { showPlace } from '../checks/places.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import type { CarriedNode, FlowNode } from '../node.js'
import { isNamed } from '../parts.js'
import { type Printing, type PrintOptions, printingOf } from './options.js'
import { elsewhere, isSilent, roundsOf, waysOf } from './words.js'

interface Row {
  /** The number of rows around it. */
  readonly depth: number
  readonly from: string
  readonly what: string
  readonly where: ReadonlyArray<string>
  readonly note: string
}

const code = (text: string): string => `\`${text}\``

/** A row without a side, or for both. */
const row = (from: string, what: string): Row => ({ depth: 0, from, what, where: [], note: '' })

const inside = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.map((each) => ({ ...each, depth: each.depth + 1 }))

/** A row inside another one is at the same place. */
const under = (where: string, rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.map((each) => (each.depth > 0 ? each : { ...each, where: [where, ...each.where] }))

/** Puts the note of a part into its first row. */
const withNote = (note: string | undefined, rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.map((each, at) =>
    at > 0 || note === undefined ? each : { ...each, note: [note, each.note].filter(Boolean).join('; ') },
  )

class Table {
  readonly #printing: Printing

  constructor(printing: Printing) {
    this.#printing = printing
  }

  rows(node: FlowNode): ReadonlyArray<Row> {
    return isNamed(node) ? [row('', this.#printing.part(node.part))] : this.within(node)
  }

  within(node: FlowNode): ReadonlyArray<Row> {
    return withNote(node.note, this.#within(node))
  }

  #within(node: FlowNode): ReadonlyArray<Row> {
    const { sides, message } = this.#printing
    switch (node._tag) {
      case 'says': {
        const most = node.atMost === null ? '' : `, at most ${code(showPlace(node.atMost))}`
        return [row(sides[node.side], `${code(node.key)}: ${message(nodeName(node.grammar.node))}${most}`)]
      }
      case 'sequence':
        return node.parts.flatMap((part) => this.rows(part))
      case 'branch':
        return waysOf(node, code).flatMap(({ when, gate, flow }) => {
          const rows = isSilent(flow) ? [row('', 'goes on')] : this.rows(flow)
          return under(when, gate === null ? rows : under(showGate(gate), rows))
        })
      case 'gated':
        return [
          ...under(showGate(node.gate), this.rows(node.flow)),
          ...under(elsewhere(node.gate), this.rows(node.otherwise)),
        ]
      case 'agree': {
        const from = node.from.map(({ key }) => code(key)).join(' and ')
        return [row('both', `agree on the ${node.name}, from ${from}`)]
      }
      case 'loop': {
        const rounds = roundsOf(node, (side) => sides[side], code)
        return [row('', `**${node.name}**, ${rounds}:`), ...inside(this.rows(node.body))]
      }
      case 'again':
        return [row('', `**${node.loop}** again`)]
      case 'atOnce':
        return [row('both', 'at once:'), ...inside(node.parts.flatMap((part) => this.rows(part)))]
      case 'blob': {
        const bytes = node.delimiter === null ? 'bytes, to the end of what carries them' : node.delimiter.name
        return [row(sides[node.side], `${code(node.key)}: ${bytes}`)]
      }
      case 'carried':
        return this.#carried(node)
      case 'unless':
        return [
          ...this.rows(node.flow),
          row(sides[node.side], 'may break off at any moment:'),
          ...inside(this.rows(node.departs)),
        ]
      case 'ends':
        return [row(sides[node.side], 'closes')]
    }
  }

  #carried({ side, key, inner, way, unread }: CarriedNode): ReadonlyArray<Row> {
    const how = way._tag === 'frames' ? 'in frames' : `in pieces, ${code(showPlace(way.of))}`
    const left = unread ? '; unread if refused' : ''
    return [
      row(this.#printing.sides[side], `${code(key)}, ${how}${left}; inside:`),
      ...inside(this.rows(inner)),
      ...(way._tag === 'pieces' ? this.rows(way.over) : []),
    ]
  }
}

const cell = (text: string): string => unquoted(text).replaceAll('|', '\\|')

/**
 * A flow as a table in Markdown: who sends which message, under which condition, with a note. Nested parts are
 * indented. A named part is a link to a heading of that name; {@link namedParts} returns these parts.
 *
 * ```ts
 * import { since, u8, utf8 } from 'nix-wire/combinators'
 * import { gated, noted, says, sequence, toTable } from 'nix-wire/conversation'
 *
 * const order = sequence(
 *   says('client', 'cups', u8),
 *   gated(since('1.1'), noted('empty: at the door', says('client', 'table', utf8))),
 *   says('server', 'tea', utf8),
 * )
 * console.log(toTable(order, { sides: { server: 'kitchen' } }))
 * // prints:
 * // | from | what | where | note |
 * // | --- | --- | --- | --- |
 * // | client | `cups`: u8 |  |  |
 * // | client | `table`: utf8 | protocol version 1.1 or above | empty: at the door |
 * // | kitchen | `tea`: utf8 |  |  |
 * ```
 */
export const toTable = (flow: AnyFlow, options: PrintOptions = {}): string => {
  const node = flowNode('what toTable prints', flow, 'toMarkdown')
  const rows = new Table(printingOf('toTable', options)).within(node)
  return markdownTable(
    ['from', 'what', 'where', 'note'],
    rows.map(({ depth, from, what, where, note }) =>
      [from, '&emsp;'.repeat(depth) + what, [...new Set(where)].join('; '), note].map(cell),
    ),
  )
}
