import { isLeft } from 'fp-ts/lib/Either.js'
import {
  clientReport,
  expectedCases,
  NoClient,
  printExpectedCases,
  programClient,
  type Run,
  runClient,
} from '../../conformance/client/index.js'
import { expectText } from '../arguments.js'
import { Failure } from '../failure.js'
import { readAll } from '../files.js'
import { progressLine } from '../fuzz/progress.js'
import { showName } from '../nar/show.js'
import { writeText } from '../output-file.js'
import { protocolOf } from '../protocol-options.js'
import { onEndSignal } from '../signalled.js'
import { say, write } from '../terminal.js'
import { commandsOf, expectNoneFailed, expectSome, sayWhere, writeRecordings } from './case-files.js'
import { type ClientOptions, repeating } from './client-words.js'
import { writeReports } from './report-files.js'
import { showReport } from './show-report.js'
import { silence } from './silence.js'

/** Tests a client, and reports what is wrong with it. */
export const runClients = async (words: ReadonlyArray<string>, options: ClientOptions): Promise<void> => {
  const [program = '', ...args] = words
  expectText(program, 'the client')
  const { storeDir } = protocolOf({ protocol: '1.38', feature: [], storeDir: options.storeDir })
  const expected = await expectedOf(options)
  const over = new AbortController()
  const unwatch = onEndSignal(() => over.abort())
  let last = ''
  const { draw, stop } = progressLine(() => last)
  let done = 0
  try {
    const run = await runClient({
      client: programClient({
        command: [program, ...args],
        ...(options.listen === undefined ? {} : { listen: options.listen }),
      }),
      storeDir,
      ways: options.ways,
      seed: options.seed,
      expected,
      patience: silence(options.timeout),
      signal: over.signal,
      ...(options.section.length === 0 ? {} : { sections: options.section }),
      ...(options.only.length === 0 ? {} : { only: options.only }),
      onResult: ({ id }, of) => {
        last = `${++done} of ${of}: ${id}`
        draw()
      },
    }).finally(stop)
    await told(run, expected, words, options)
  } catch (error) {
    throw error instanceof NoClient ? new Failure(2, error.message) : error
  } finally {
    unwatch()
  }
}

const expectedOf = async ({ expectedFailures: file }: ClientOptions): Promise<ReadonlySet<string>> => {
  const list = expectedCases(file === undefined ? '' : new TextDecoder().decode(await readAll(file)))
  if (isLeft(list)) {
    throw new Failure(2, `${showName(file ?? '')}: ${list.left}`)
  }
  return list.right
}

/** Writes recordings and reports, and prints the result. @throws Failure if something failed. */
const told = async (
  run: Run,
  expected: ReadonlySet<string>,
  words: ReadonlyArray<string>,
  options: ClientOptions,
): Promise<void> => {
  await writeRecordings(options.record, run.results)
  const report = clientReport(run, words.join(' '), (result) =>
    commandsOf(options.record, result, repeating(options, words, result)),
  )
  await writeReports(report, options)
  if (options.writeFailures !== undefined) {
    await writeText(options.writeFailures, printExpectedCases(run.results))
  }
  await write(showReport(report, { section: 'section', results: 'cases' }))
  sayWhere(options.record, run.results)
  const tried = new Set(run.results.filter(({ verdict }) => verdict !== 'skipped').map(({ id }) => id))
  if (tried.size === 0 && run.stopped === null && (run.results.length > 0 || run.version === null)) {
    throw new Failure(
      2,
      'no case could be tried: the client fails with a correct server, or never connects. ' +
        'The socket replaces {} in its arguments, and is in NIX_REMOTE',
    )
  }
  expectSome(run.results, options.only, run.stopped)
  const untried = [...expected].filter((id) => !tried.has(id))
  if (untried.length > 0) {
    say(`${untried.length} of the expected failures were not tried: ${untried.slice(0, 3).join(', ')}`)
  }
  expectNoneFailed(run.results, run.stopped)
}
