import { styleText } from 'node:util'
import type { Growth } from './growth.js'
import type { Result, Row } from './measure.js'

/** Colours are for a terminal. */
const painted = (as: 'bold' | 'dim' | 'green' | 'red', text: string): string =>
  process.stdout.isTTY ? styleText(as, text) : text

/** The results of a run, as they are written to a file. */
export interface Report {
  readonly node: string
  readonly date: string
  readonly cpus: number
  readonly results: readonly Result[]
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
  readonly growth?: Growth
}

/** A row with its target, and whether it was reached, as far as the rows show. */
export interface Judged extends Row {
  readonly aim: string
  readonly reached: boolean | null
}

const ours = 'nix-wire'

/** The target: at most a ratio to the base, or at least so many times faster than a peer. */
export const judged = ({ rows }: Result): readonly Judged[] => {
  const mine = rows.find(({ name }) => name === ours)
  return rows.map((row) => {
    if (row.target !== undefined) {
      return { ...row, aim: `≤ ${row.target}`, reached: row.ratio <= row.target }
    }
    if (row.aheadBy !== undefined && mine !== undefined) {
      const ahead = row.ratio / mine.ratio
      return {
        ...row,
        aim: `${ours} ${row.aheadBy} × ahead: ${ahead.toFixed(1)} ×`,
        reached: ahead >= row.aheadBy,
      }
    }
    return { ...row, aim: '', reached: null }
  })
}

export const showTime = (milliseconds: number): string =>
  milliseconds < 1
    ? `${(milliseconds * 1000).toFixed(0)} µs`
    : `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`

export const showBytes = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB'] as const
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`
}

const columns = (lines: readonly (readonly string[])[]): string => {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  return lines
    .map((line) =>
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .join('\n')
}

/** One benchmark as a table for a terminal. */
export const showResult = (result: Result): string => {
  const rows = judged(result)
  const memory = rows.some(({ mebibytes }) => mebibytes !== undefined)
  const header = ['', 'ratio', 'quartiles', 'time', ...(memory ? ['memory'] : []), 'aim']
  const table = columns([
    header,
    ...rows.map((row) => [
      `  ${row.name}`,
      row.ratio.toFixed(2),
      row.quartiles.map((each) => each.toFixed(2)).join(' … '),
      showTime(row.milliseconds),
      ...(memory ? [row.mebibytes === undefined ? '' : `${row.mebibytes.toFixed(0)} MiB`] : []),
      row.reached === null ? '' : `${row.aim} ${row.reached ? 'reached' : 'missed'}`,
    ]),
  ])
  const coloured = table
    .split('\n')
    .map((line, i) =>
      i === 0
        ? painted('dim', line)
        : line.replace(/reached$/, painted('green', 'reached')).replace(/missed$/, painted('red', 'missed')),
    )
    .join('\n')
  return `${painted('bold', result.id)}  ${result.title} (${showBytes(result.bytes)}, ${result.rounds} rounds)\n${coloured}\n`
}

export const showGrowth = ({ whole, stream, nar }: Growth): string =>
  [
    `${painted('bold', 'growth')}  a list of path infos, whole: per byte of the message`,
    columns([
      ['', 'decode', 'encode', 'memory of the value'],
      ...whole.map(({ bytes, decode, encode, memory }) => [
        `  ${showBytes(bytes)}`,
        `${decode.toFixed(2)} ns`,
        `${encode.toFixed(2)} ns`,
        `${memory.toFixed(2)} B`,
      ]),
    ]),
    `${painted('bold', 'growth')}  streams: by how much the process grows`,
    columns([
      ['', 'path infos', 'NAR'],
      ...stream.map(({ bytes, mebibytes }, i) => [
        `  ${showBytes(bytes)}`,
        `${mebibytes.toFixed(1)} MiB`,
        `${nar[i]!.mebibytes.toFixed(1)} MiB`,
      ]),
    ]),
    '',
  ].join('\n')
