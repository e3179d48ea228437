import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { cases } from './cases/index.js'
import { inChild } from './child.js'
import { growthSteps, measureGrowth } from './growth.js'
import type { Result } from './measure.js'
import { processes } from './processes/index.js'
import { Progress } from './progress.js'
import { type Report, showGrowth, showResult } from './report.js'

interface Options {
  readonly only?: readonly string[]
  readonly quick?: true
  readonly rounds?: number
  readonly json?: string
  readonly list?: true
  readonly check?: true
}

const all = [...Object.keys(cases), ...Object.keys(processes), 'growth']
/** One benchmark of each kind, in less than two minutes. */
const quickly = [
  'w1-decode',
  'w1-encode',
  'w1-plain-decode',
  'w1-plain-encode',
  'w2-decode',
  'w3-nar-small',
  'w5-decode',
  'w1-chunks',
  'nar-pack-large',
  'start-up',
  'bundle-size',
  'growth',
]

/** The documentation has the ratios of the oldest Node, and those of the newest in another column. */
const isOldest = process.versions.node.startsWith('20.')
const published = fileURLToPath(
  new URL(isOldest ? './results.json' : './results-newest.json', import.meta.url),
)

const known = (id: string, before: readonly string[] = []): readonly string[] => {
  const matching = all.filter((each) => each === id || each.startsWith(`${id}-`))
  if (matching.length === 0) {
    throw new InvalidArgumentError(`There is: ${all.join(', ')}.`)
  }
  return [...before, ...matching]
}

const count = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError('Expected a number of rounds, such as 15.')
  }
  return number
}

/**
 * The flags of Node. If thousands of values live to the end, random collections of the young generation would decide
 * the time; these benchmarks get one that is large enough.
 */
const flagsOf = (id: string): readonly string[] =>
  /^(w1-chunks|chunks-|w3-)/.test(id) ? ['--max-semi-space-size=64'] : []

/** Adds earlier results of the same machine and day that were not measured again. */
const merged = (file: string, report: Report): Report => {
  if (!existsSync(file)) {
    return report
  }
  const before = JSON.parse(readFileSync(file, 'utf8')) as Report
  const fresh = new Map(report.results.map((result) => [result.id, result]))
  const kept = before.results.map((result) => fresh.get(result.id) ?? result)
  const added = report.results.filter(({ id }) => !kept.some((result) => result.id === id))
  const growth = report.growth ?? before.growth
  return { ...before, ...report, results: [...kept, ...added], ...(growth && { growth }) }
}

const withMemory = async (result: Result, onStep: () => void): Promise<Result> => {
  const rows = []
  for (const row of result.rows) {
    const mebibytes = await inChild<number>('./one.ts', [result.id, 'patient', '1', row.name], [], () => {})
    rows.push({ ...row, mebibytes })
    onStep()
  }
  return { ...result, rows }
}

const check = async (): Promise<void> => {
  for (const [id, make] of Object.entries(cases)) {
    const { contestants } = make()
    for (const contestant of contestants) {
      await contestant.check()
    }
    console.log(`${id}: ${contestants.length} contestants do the same work`)
  }
}

const run = async (options: Options): Promise<void> => {
  if (options.check) {
    await check()
    return
  }
  if (options.list) {
    console.log(all.join('\n'))
    return
  }
  const quick = options.quick === true
  const rounds = options.rounds ?? (quick ? 3 : 15)
  const ids = options.only ?? (quick ? quickly : all)
  const results: Result[] = []
  const skipped: { id: string; reason: string }[] = []
  let growth: Report['growth']
  for (const id of ids) {
    if (id === 'growth') {
      const progress = new Progress(id, growthSteps(quick))
      growth = await measureGrowth(quick, () => progress.step())
      progress.end()
      console.log(showGrowth(growth))
      continue
    }
    const progress = new Progress(id, rounds)
    const onRound = () => progress.step()
    if (id in cases) {
      const result = await inChild<Result>(
        './one.ts',
        [id, quick ? 'brief' : 'patient', String(rounds)],
        flagsOf(id),
        onRound,
      )
      results.push(quick ? result : await withMemory(result, () => progress.step()))
    } else {
      const result = await processes[id]!.run(quick ? 3 : rounds, onRound)
      if ('skipped' in result) {
        skipped.push({ id, reason: result.skipped })
      } else {
        results.push(result)
      }
    }
    progress.end()
    const last = results.at(-1)
    console.log(last?.id === id ? showResult(last) : `${id}: skipped, ${skipped.at(-1)?.reason}\n`)
  }
  const report: Report = {
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
    cpus: availableParallelism(),
    results,
    skipped,
    ...(growth && { growth }),
  }
  const file = options.json ?? (quick || options.only ? undefined : published)
  if (file !== undefined) {
    const whole = options.only === undefined ? report : merged(file, report)
    writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`)
    console.log(`written to ${file}`)
  }
}

await new Command('npm run bench --')
  .description(
    'Measures the built package beside code written by hand and other libraries, and prints ratios: the medians of\n' +
      'those of interleaved rounds. A full run takes about a quarter of an hour and writes bench/results.json, or with a\n' +
      'newer Node than 20 bench/results-newest.json. `npm run docs:performance` makes the chart and the table of the\n' +
      'documentation from them.',
  )
  .option('--only <id>', 'this benchmark, or all that begin with it; may be given again', known)
  .option('--quick', 'one benchmark of each kind, few rounds: less than two minutes')
  .option('--rounds <n>', 'so many rounds', count)
  .option('--json <file>', 'write the results to this file; with --only those of others stay in it')
  .option('--list', 'name the benchmarks')
  .option('--check', 'time nothing: see that all contestants do the same work')
  .addHelpText(
    'after',
    `
Examples:
  $ npm run bench -- --quick
  $ npm run bench -- --only w1-decode
  $ npm run bench -- --only nar --rounds 9 --json /tmp/nar.json`,
  )
  .action(run)
  .parseAsync()
