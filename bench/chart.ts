import type { Result } from './measure.js'
import type { Report } from './report.js'

/** The chart of the documentation: how long each way takes, beside a codec written by hand; bars of a logarithm. */

const width = 720
const labelWidth = 210
const barHeight = 18
const gap = 6
const panelGap = 34
const scale = (width - labelWidth - 70) / Math.log2(128)

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** From half of the base to 64 times as long. */
const place = (ratio: number): number => Math.log2(Math.min(Math.max(ratio, 0.5), 64) / 0.5) * scale

const panel = (result: Result, top: number): { readonly svg: string; readonly height: number } => {
  const rows = [...result.rows].sort((a, b) => a.ratio - b.ratio)
  const base = labelWidth + place(1)
  const bars = rows.map(({ name, ratio }, i) => {
    const y = top + 30 + i * (barHeight + gap)
    const kind = name.startsWith('nix-wire') ? 'ours' : name === result.base ? 'base' : 'other'
    return [
      `<text class="label" x="${labelWidth - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${labelWidth}" y="${y}" width="${place(ratio).toFixed(1)}" height="${barHeight}" rx="2"/>`,
      `<text class="value" x="${(labelWidth + place(ratio) + 6).toFixed(1)}" y="${y + 13}">${ratio.toFixed(2)}</text>`,
    ].join('\n')
  })
  const height = 30 + rows.length * (barHeight + gap)
  return {
    svg: [
      `<text class="title" x="0" y="${top + 14}">${escaped(result.title)}</text>`,
      ...bars,
      `<line class="one" x1="${base}" x2="${base}" y1="${top + 24}" y2="${top + height}"/>`,
    ].join('\n'),
    height,
  }
}

const style = `
.title { font-weight: 600; font-size: 14px; fill: #1f2328 }
.label, .value, .foot { font-size: 12px; fill: #424a53 }
.ours { fill: #2f6fde } .base { fill: #6e7781 } .other { fill: #b6bfc9 }
.one { stroke: #6e7781; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
  .title { fill: #e6edf3 } .label, .value, .foot { fill: #b1bac4 }
  .ours { fill: #6ea0ff } .other { fill: #484f58 } .base { fill: #8b949e }
}`

export const chart = ({ node, date, results }: Report): string => {
  const shown = ['w1-plain-decode', 'w1-plain-encode'].flatMap((id) =>
    results.filter((each) => each.id === id),
  )
  let top = 0
  const panels = shown.map((result) => {
    const { svg, height } = panel(result, top)
    top += height + panelGap
    return svg
  })
  const foot = `Time divided by that of a codec written by hand (dashed line); logarithmic. Node ${node}, ${date}.`
  const height = top + 4
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif">`,
    `<title>How long decoding and encoding take, beside other libraries and a codec written by hand</title>`,
    `<style>${style}\n</style>`,
    ...panels,
    `<text class="foot" x="0" y="${height - 8}">${escaped(foot)}</text>`,
    '</svg>',
    '',
  ].join('\n')
}
