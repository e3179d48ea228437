import { expectText } from '../../combinators/expect.js'
import { unquoted } from '../../combinators/show.js'
import { other } from '../checks/facts.js'
import { flowNode } from '../expect.js'
import type { AnyFlow } from '../flow.js'
import type { Side } from '../node.js'
import { type PrintOptions, printingOf } from './options.js'
import { type Step, type Steps, stepsOf } from './steps.js'
import { kindWidth, type Layout, type Lines, layoutOf, lineHeight, type Shape } from './svg-layout.js'

type Names = { readonly [S in Side]: string }

const marks: { readonly [mark: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes a text for XML. */
const escaped = (text: string): string =>
  unquoted(text)
    .toWellFormed()
    .replace(/[&<>"]/g, (mark) => marks[mark] ?? '')

const style = `
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.line { stroke: #8c959f } .arrow { stroke: #1f2328; stroke-width: 1.5 } .head { fill: #1f2328 }
.side { fill: #ddf4ff; stroke: #54aeff } .remark { fill: #fff8c5; stroke: #d4a72c }
.frame { fill: none; stroke: #8c959f } .kind { fill: #eaeef2; stroke: #8c959f }
.divider { stroke: #8c959f; stroke-dasharray: 4 4 } .when { fill: #57606a } .name { font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .line { stroke: #6e7681 } .arrow { stroke: #e6edf3 } .head { fill: #e6edf3 }
  .side { fill: #0c2d6b; stroke: #388bfd } .remark { fill: #3b2300; stroke: #9e6a03 }
  .frame, .divider { stroke: #6e7681 } .kind { fill: #21262d; stroke: #6e7681 } .when { fill: #9198a1 }
}
`

const text = (kind: string, x: number, y: number, lines: Lines, anchor = 'start'): string =>
  lines
    .map((line, at) => {
      const where = `x="${x}" y="${y + at * lineHeight}" text-anchor="${anchor}"`
      return `<text class="${kind}" ${where}>${escaped(line)}</text>`
    })
    .join('\n')

const rect = (kind: string, x: number, y: number, width: number, height: number): string =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`

const drawn = (shape: Shape, { sides }: Layout): string => {
  switch (shape.is) {
    case 'arrow': {
      const { from, y, lines } = shape
      const [start, end] = [sides[from], sides[other(from)]]
      const back = start < end ? -9 : 9
      const middle = (start + end) / 2
      return [
        text('word', middle, y - 6 - (lines.length - 1) * lineHeight, lines, 'middle'),
        `<line class="arrow" x1="${start}" y1="${y}" x2="${end + back}" y2="${y}"/>`,
        `<path class="head" d="M${end} ${y}l${back} -4.5v9z"/>`,
      ].join('\n')
    }
    case 'remark': {
      const { x, y, lines } = shape
      return [
        rect('remark', x.from, y.from, x.to - x.from, y.to - y.from),
        text('said', (x.from + x.to) / 2, y.from + 17, lines, 'middle'),
      ].join('\n')
    }
    case 'frame': {
      const { x, y, kind, lines } = shape
      const width = kindWidth(kind)
      return [
        rect('frame', x.from, y.from, x.to - x.from, y.to - y.from),
        rect('kind', x.from, y.from, width, 20),
        text('name', x.from + width / 2, y.from + 14, [kind], 'middle'),
        text('when', x.from + width + 10, y.from + 14, lines),
      ].join('\n')
    }
    case 'divider': {
      const { x, y, lines } = shape
      return [
        `<line class="divider" x1="${x.from}" y1="${y}" x2="${x.to}" y2="${y}"/>`,
        text('when', x.from + 10, y + 15, lines),
      ].join('\n')
    }
  }
}

/** The names of both sides, above and below. */
const ends = ({ sides, height }: Layout, names: Names): string =>
  (['client', 'server'] as const)
    .flatMap((side) => {
      const width = Math.min(130, Math.max(80, names[side].length * 8 + 20))
      return [
        `<line class="line" x1="${sides[side]}" y1="36" x2="${sides[side]}" y2="${height - 36}"/>`,
        ...[8, height - 36].flatMap((y) => [
          rect('side', sides[side] - width / 2, y, width, 28),
          text('name', sides[side], y + 18, [names[side]], 'middle'),
        ]),
      ]
    })
    .join('\n')

const told: { readonly [kind: string]: string } = {
  alt: 'one of these',
  opt: 'only if',
  loop: 'again and again',
  par: 'at once',
  break: 'at any moment',
}

/** The steps in words, for screen readers. */
const inWords = (steps: Steps, names: Names): string => steps.map((step) => wordsOf(step, names)).join('; ')

const wordsOf = (step: Step, names: Names): string => {
  switch (step.is) {
    case 'arrow':
      return `the ${names[step.from]} says ${step.text}`
    case 'remark':
      return step.over === null ? step.text : `the ${names[step.over]} ${step.text}`
    case 'block': {
      const parts = step.parts.map(({ head, steps }) =>
        [head, inWords(steps, names)].filter((each) => each !== '').join(': '),
      )
      return `${told[step.kind]} (${parts.join(' | ')})`
    }
  }
}

/**
 * A flow as a sequence diagram in SVG, without scripts. It follows the light or dark theme of the reader's system.
 * Its description (`desc`) says the whole flow in words.
 *
 * ```ts
 * import { u8, utf8 } from 'nix-wire/combinators'
 * import { says, sequence, toSvg } from 'nix-wire/conversation'
 *
 * const order = sequence(says('client', 'cups', u8), says('server', 'tea', utf8))
 * toSvg('An order of tea', order).includes('<desc>the client says cups; the server says tea</desc>') // => true
 * ```
 */
export const toSvg = (title: string, flow: AnyFlow, options: PrintOptions = {}): string => {
  expectText('the title that toSvg prints', title)
  const node = flowNode('what toSvg prints', flow)
  const { sides } = printingOf('toSvg', options)
  const steps = stepsOf(node, sides)
  const layout = layoutOf(steps)
  const { width, height, shapes } = layout
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(inWords(steps, sides))}</desc>`,
    `<style>${style}</style>`,
    ends(layout, sides),
    ...shapes.map((shape) => drawn(shape, layout)),
    '</svg>',
    '',
  ].join('\n')
}
