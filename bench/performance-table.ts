import { judged, type Report, showBytes, showTime } from './report.js'

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(header), row(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n')

/** The ratio of the same row on a newer Node; empty where it was not measured there. */
const ratioOn = (newest: Report, id: string, name: string): string => {
  const row = newest.results.find((result) => result.id === id)?.rows.find((each) => each.name === name)
  return row === undefined ? '' : row.ratio.toFixed(2)
}

/** The results as a page of Markdown, with the ratios of the newest Node beside those of the oldest. */
export const performanceTable = (
  { node, date, cpus, results, skipped, growth }: Report,
  newest: Report,
): string => {
  const parts = [
    '# Performance: the numbers',
    `Measured on ${date} with Node ${node} on ${cpus} processors, by \`npm run bench\`. A ratio is the time divided by that ` +
      'of the first row, the median of the rounds; [what is measured, and how](performance.md). The column of Node ' +
      `${newest.node} has the ratios there, measured on ${newest.date}.`,
  ]
  for (const result of results) {
    const rows = judged(result)
    const memory = rows.some(({ mebibytes }) => mebibytes !== undefined)
    parts.push(
      `## ${result.id}`,
      `${result.title}. ${result.bytes > 0 ? `${showBytes(result.bytes)}, ` : ''}${result.rounds} rounds.`,
      table(
        [
          '',
          'ratio',
          'quartiles',
          `Node ${newest.node.split('.')[0]}`,
          'time',
          ...(memory ? ['memory'] : []),
          'aim',
        ],
        rows.map((each) => [
          each.note === undefined ? each.name : `${each.name} (${each.note})`,
          each.ratio.toFixed(2),
          each.quartiles.map((quartile) => quartile.toFixed(2)).join(' … '),
          ratioOn(newest, result.id, each.name),
          showTime(each.milliseconds),
          ...(memory ? [each.mebibytes === undefined ? '' : `${each.mebibytes.toFixed(0)} MiB`] : []),
          each.reached === null ? '' : `${each.aim}${each.reached ? ', reached' : ', missed'}`,
        ]),
      ),
    )
  }
  if (growth !== undefined) {
    parts.push(
      '## growth',
      'A list of path infos, whole: processor time and heap memory for each byte of the message. They are to stay flat.',
      table(
        ['', 'decode', 'encode', 'memory of the value'],
        growth.whole.map(({ bytes, decode, encode, memory }) => [
          showBytes(bytes),
          `${decode.toFixed(2)} ns`,
          `${encode.toFixed(2)} ns`,
          `${memory.toFixed(2)} B`,
        ]),
      ),
      'Streams: by how much the process grows while it reads so many bytes.',
      table(
        ['', 'path infos, one after another', 'a NAR'],
        growth.stream.map(({ bytes, mebibytes }, i) => [
          showBytes(bytes),
          `${mebibytes.toFixed(1)} MiB`,
          `${growth.nar[i]!.mebibytes.toFixed(1)} MiB`,
        ]),
      ),
    )
  }
  for (const { id, reason } of skipped) {
    parts.push(`\`${id}\` was not measured: ${reason}.`)
  }
  return `${parts.join('\n\n')}\n`
}
