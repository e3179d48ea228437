import type { Result } from './measure.js'
import type { Report } from './report.js'

/** The chart of the documentation: how long each way takes, as a multiple of a codec written by hand. */

const width = 760
const left = 200
const right = 56
const rowHeight = 22
const barHeight = 14
const head = 46
const axis = 46
const panelGap = 26
const [lowest, highest] = [0.5, 64]

const doublings = Math.log2(highest / lowest)
const place = (ratio: number): number =>
  left + (Math.log2(Math.min(Math.max(ratio, lowest), highest) / lowest) / doublings) * (width - left - right)

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const fixed = (length: number): string => length.toFixed(1)

const ticks = Array.from({ length: doublings + 1 }, (_, i) => lowest * 2 ** i)
const tickName = (ratio: number): string => (ratio < 1 ? '½×' : `${ratio}×`)

const grid = (top: number, bottom: number): ReadonlyArray<string> =>
  ticks.flatMap((ratio) => {
    const x = fixed(place(ratio))
    return [
      `<line class="${ratio === 1 ? 'one' : 'grid'}" x1="${x}" x2="${x}" y1="${top}" y2="${bottom + 4}"/>`,
      `<text class="tick" x="${x}" y="${bottom + 18}" text-anchor="middle">${tickName(ratio)}</text>`,
    ]
  })

/** A bar from the line of the yardstick: to the left if faster, to the right if slower. */
const bar = ({ name, ratio }: Result['rows'][number], y: number, base: string): string => {
  const kind = name.startsWith('nix-wire') ? 'ours' : name === base ? 'base' : 'other'
  const [from, to] = [Math.min(place(1), place(ratio)), Math.max(place(1), place(ratio))]
  const middle = y + barHeight / 2 + 4
  return [
    `<text class="label" x="${left - 10}" y="${middle}" text-anchor="end">${escaped(name)}</text>`,
    `<rect class="${kind}" x="${fixed(from - 1)}" y="${y}" width="${fixed(to - from + 2)}" height="${barHeight}"/>`,
    `<text class="value" x="${fixed(to + 6)}" y="${middle}">${ratio.toFixed(2)}</text>`,
  ].join('\n')
}

const verbs: { readonly [id: string]: string } = {
  'w1-plain-decode': 'Decoding W1: from bytes to values',
  'w1-plain-encode': 'Encoding W1: from values to bytes',
}

const panel = (result: Result, top: number): { readonly svg: string; readonly height: number } => {
  const rows = [...result.rows].sort((a, b) => a.ratio - b.ratio)
  const [first, bottom] = [top + head, top + head + rows.length * rowHeight]
  const yardstick = rows.find(({ name }) => name === result.base)
  const unit = `processor time, as a multiple of “${result.base}” (1× = ${yardstick?.milliseconds.toFixed(1)} ms); each step doubles it`
  return {
    svg: [
      `<text class="title" x="0" y="${top + 16}">${escaped(verbs[result.id] ?? result.title)}</text>`,
      `<text class="side" x="${fixed(place(1) - 8)}" y="${top + 38}" text-anchor="end">← faster</text>`,
      `<text class="side" x="${fixed(place(1) + 8)}" y="${top + 38}">slower →</text>`,
      ...grid(first - 4, bottom),
      ...rows.map((row, i) => bar(row, first + i * rowHeight, result.base)),
      `<text class="unit" x="${left}" y="${bottom + 36}">${escaped(unit)}</text>`,
    ].join('\n'),
    height: head + rows.length * rowHeight + axis,
  }
}

const style = `
.title { font-weight: 600; font-size: 15px; fill: #1f2328 }
.label, .value { font-size: 12.5px; fill: #1f2328 }
.tick, .unit, .side, .foot { font-size: 12px; fill: #59636e }
.ours { fill: #2f6fde } .base { fill: #59636e } .other { fill: #a3adb8 }
.grid { stroke: #d8dee4 } .one { stroke: #59636e }
@media (prefers-color-scheme: dark) {
  .title, .label, .value { fill: #e6edf3 } .tick, .unit, .side, .foot { fill: #9da7b1 }
  .ours { fill: #6ea0ff } .base { fill: #9da7b1 } .other { fill: #58616b }
  .grid { stroke: #30363d } .one { stroke: #9da7b1 }
}`

export const chart = ({ node, date, results }: Report): string => {
  const shown = Object.keys(verbs).flatMap((id) => results.filter((each) => each.id === id))
  const megabytes = ((shown[0]?.bytes ?? 0) / 1e6).toFixed(1)
  const notes = [
    `W1: 10,000 path infos (what a store says about a path) in 100 messages, ${megabytes} MB with 100,000 texts.`,
    `Texts are not validated, except in “nix-wire, validating”. Median of paired rounds, Node ${node}, ${date}.`,
  ]
  let top = 48
  const panels = shown.map((result) => {
    const { svg, height } = panel(result, top)
    top += height + panelGap
    return svg
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top - panelGap}" role="img" font-family="system-ui, sans-serif">`,
    '<title>How long decoding and encoding take, beside other libraries and a codec written by hand</title>',
    `<style>${style}\n</style>`,
    ...notes.map((note, i) => `<text class="foot" x="0" y="${14 + 18 * i}">${escaped(note)}</text>`),
    ...panels,
    '</svg>',
    '',
  ].join('\n')
}
