import { unquoted } from '../../combinators/show.js'
import { other } from '../checks/facts.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import { type PrintOptions, printingOf } from './options.js'
import { type BlockKind, type Step, stepsOf } from './steps.js'

type Lines = ReadonlyArray<string>

/**
 * Escapes a text: Mermaid reads a semicolon as the end of a line, and a hash as the start of a character's number.
 */
const text = (words: string): string => unquoted(words).replace(/[#;]/g, (mark) => `#${mark.charCodeAt(0)};`)

/** The word between the parts of a block. */
const between: { readonly [K in BlockKind]: string } = {
  alt: 'else',
  opt: 'else',
  loop: 'else',
  par: 'and',
  break: 'else',
}

const linesOf = (step: Step): Lines => {
  switch (step.is) {
    case 'arrow':
      return [`${step.from}->>${other(step.from)}: ${text(step.text)}`]
    case 'remark':
      return [`Note over ${step.over ?? 'client,server'}: ${text(step.text)}`]
    case 'block': {
      const { kind, parts } = step
      return [
        ...parts.flatMap(({ head, steps }, at) => [
          `${at === 0 ? kind : between[kind]} ${text(head)}`.trimEnd(),
          ...steps.flatMap(linesOf).map((line) => `  ${line}`),
        ]),
        'end',
      ]
    }
  }
}

/**
 * A flow as a sequence diagram for Mermaid.
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
  return ['sequenceDiagram', ...participants, ...stepsOf(node, sides).flatMap(linesOf)].join('\n')
}
