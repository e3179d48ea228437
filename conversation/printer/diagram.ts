import { showGate } from '../../combinators/gate.js'
import { unquoted } from '../../combinators/show.js'
import { other } from '../checks/facts.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import type { CarriedNode, FlowNode, Side } from '../node.js'
import { isNamed } from '../parts.js'
import { type PrintOptions, printingOf } from './options.js'
import { elsewhere, roundsOf, waysOf } from './words.js'

type Lines = ReadonlyArray<string>

/** Mermaid takes a semicolon for the end of a line, and a hash for the start of a character's number. */
const text = (words: string): string => unquoted(words).replace(/[#;]/g, (mark) => `#${mark.charCodeAt(0)};`)

const plain = (place: string): string => place

const arrow = (side: Side, words: string): string => `${side}->>${other(side)}: ${text(words)}`

const remark = (words: string): string => `Note over client,server: ${text(words)}`

/** Blocks of one statement: `alt … else … end`. Nothing where all are empty. */
const blocks = (parts: ReadonlyArray<readonly [head: string, lines: Lines]>): Lines =>
  parts.every(([, lines]) => lines.length === 0)
    ? []
    : [...parts.flatMap(([head, lines]) => [head, ...lines.map((line) => `  ${line}`)]), 'end']

class Diagram {
  readonly #sides: { readonly [S in Side]: string }

  constructor(sides: { readonly [S in Side]: string }) {
    this.#sides = sides
  }

  lines(node: FlowNode): Lines {
    return isNamed(node) ? [...this.#noted(node), remark(node.part)] : this.within(node)
  }

  within(node: FlowNode): Lines {
    return [...this.#noted(node), ...this.#within(node)]
  }

  #noted({ note }: FlowNode): Lines {
    return note === undefined ? [] : [remark(note)]
  }

  #within(node: FlowNode): Lines {
    switch (node._tag) {
      case 'says':
        return [arrow(node.side, node.key)]
      case 'sequence':
        return node.parts.flatMap((part) => this.lines(part))
      case 'branch':
        return blocks(
          waysOf(node, plain).map(({ when, gate, flow }, at) => [
            `${at === 0 ? 'alt' : 'else'} ${text(gate === null ? when : `${when}, ${showGate(gate)}`)}`,
            this.lines(flow),
          ]),
        )
      case 'gated': {
        const otherwise = this.lines(node.otherwise)
        const held = [text(showGate(node.gate)), this.lines(node.flow)] as const
        return otherwise.length === 0
          ? blocks([[`opt ${held[0]}`, held[1]]])
          : blocks([
              [`alt ${held[0]}`, held[1]],
              [`else ${text(elsewhere(node.gate))}`, otherwise],
            ])
      }
      case 'agree':
        return [remark(`both agree on the ${node.name}`)]
      case 'loop': {
        const rounds = roundsOf(node, (side) => this.#sides[side], plain)
        return blocks([[`loop ${text(`${node.name}, ${rounds}`)}`, this.lines(node.body)]])
      }
      case 'again':
        return [remark(`${node.loop} again`)]
      case 'atOnce':
        return blocks(node.parts.map((part, at) => [at === 0 ? 'par' : 'and', this.lines(part)]))
      case 'blob':
        return [arrow(node.side, `${node.key} (bytes)`)]
      case 'carried':
        return this.#carried(node)
      case 'unless':
        return [
          ...this.lines(node.flow),
          ...blocks([[`break the ${text(this.#sides[node.side])} breaks off`, this.lines(node.departs)]]),
        ]
      case 'ends':
        return [`Note over ${node.side}: closes`]
    }
  }

  #carried({ side, key, way }: CarriedNode): Lines {
    return way._tag === 'frames'
      ? [arrow(side, `${key} (frames)`)]
      : [remark(`${key}, in pieces`), ...this.lines(way.over)]
  }
}

/**
 * A flow as a sequence diagram in the language of Mermaid.
 *
 * ```ts
 * import { since, u8, utf8 } from 'nix-wire/combinators'
 * import { gated, says, sequence, toDiagram } from 'nix-wire/conversation'
 *
 * const order = sequence(
 *   says('client', 'cups', u8),
 *   gated(since('1.1'), says('client', 'table', utf8)),
 *   says('server', 'tea', utf8),
 * )
 * console.log(toDiagram(order, { sides: { server: 'kitchen' } }))
 * // prints:
 * // sequenceDiagram
 * // participant client
 * // participant server as kitchen
 * // client->>server: cups
 * // opt protocol version 1.1 or above
 * //   client->>server: table
 * // end
 * // server->>client: tea
 * ```
 */
export const toDiagram = (flow: AnyFlow, options: PrintOptions = {}): string => {
  const node = flowNode('what toDiagram prints', flow)
  const { sides } = printingOf('toDiagram', options)
  const participants = (['client', 'server'] as const).map((side) =>
    sides[side] === side ? `participant ${side}` : `participant ${side} as ${text(sides[side])}`,
  )
  return ['sequenceDiagram', ...participants, ...new Diagram(sides).within(node)].join('\n')
}
