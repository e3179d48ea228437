import { faults, type PlantedFault, pythonTypes, type Sort } from './faults.js'

/** The sorts of inputs, in the words of the guide. */
const shownBy: { readonly [S in Sort]: string } = {
  form: 'one rule of the form broken',
  'too strict': 'acceptable messages',
  sizes: 'sizes',
  'checked values': 'refused values, well formed',
  letters: 'letters and parts of texts',
  '32 bits': '2^32 more',
  'wrong value': 'the value compared',
}

export const keyOf = ({ type, fault }: PlantedFault): string => `${type}: ${fault}`

/** The table of the guide; `found` has the run in which each fault is found. */
export const tableOf = (found: ReadonlyMap<string, number>): string => {
  const rows = faults.map((fault) => [
    `\`${fault.type}\``,
    `${fault.fault}${Object.hasOwn(pythonTypes, fault.type) ? '' : ' (JavaScript)'}`,
    shownBy[fault.sort],
    `\`${fault.check}\``,
    String(found.get(keyOf(fault)) ?? '–'),
  ])
  const all = [['type', 'planted fault', 'shown by', 'check', 'found in run'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  const line = (row: ReadonlyArray<string>): string =>
    `| ${row.map((cell, i) => (i === 4 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 4 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(all[0]!), rule, ...rows.map(line)].join('\n')
}
