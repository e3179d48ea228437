import type { ConformanceReport, ConformanceResult } from './result.js'
import { shown } from './shown.js'
import { groupedBy } from './tally.js'

/** A case in JUnit's form. */
interface JunitCase {
  readonly className: string
  readonly name: string
  readonly failure?: { readonly type: string; readonly message: string; readonly body: string }
  /** Why it was not tried. */
  readonly skipped?: string
  readonly seconds?: number
}

/** Cases that belong together. */
interface JunitSuite {
  readonly name: string
  readonly seconds: number
  readonly cases: ReadonlyArray<JunitCase>
}

const xml = (text: string): string =>
  text
    // Characters that XML 1.0 cannot contain.
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const attributes = (all: { readonly [name: string]: string | number | undefined }): string =>
  Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('')

const caseOf = ({ className, name, failure, skipped, seconds }: JunitCase): string => {
  const head = `  <testcase${attributes({ classname: className, name, time: seconds })}`
  if (failure !== undefined) {
    const { type, message, body } = failure
    return `${head}>\n    <failure${attributes({ type, message })}>${xml(body)}</failure>\n  </testcase>\n`
  }
  return skipped === undefined
    ? `${head}/>\n`
    : `${head}>\n    <skipped${attributes({ message: skipped })}/>\n  </testcase>\n`
}

const suiteOf = ({ name, seconds, cases }: JunitSuite): string => {
  const skipped = cases.filter((each) => each.skipped !== undefined).length
  const counts = {
    name,
    tests: cases.length,
    failures: cases.filter((each) => each.failure !== undefined).length,
    errors: 0,
    skipped: skipped === 0 ? undefined : skipped,
    time: seconds,
  }
  return `<testsuite${attributes(counts)}>\n${cases.map(caseOf).join('')}</testsuite>\n`
}

/** A report in the XML that CI systems read; characters that XML cannot contain are replaced by U+FFFD. */
export const junitDocument = (suites: ReadonlyArray<JunitSuite>): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.map(suiteOf).join('')}</testsuites>\n`

const junitCase = (
  suite: string,
  { id, title, verdict, message, details = [], seconds }: ConformanceResult,
): JunitCase => {
  const line = shown(message)
  return {
    className: suite,
    name: `${shown(title)} [${shown(id)}]`,
    ...(seconds === undefined ? {} : { seconds }),
    ...(verdict === 'failed'
      ? { failure: { type: 'failed', message: line, body: [line, ...details.map(shown)].join('\n') } }
      : verdict === 'passed'
        ? {}
        : { skipped: verdict === 'known' ? `known: ${line}` : line }),
  }
}

/**
 * The results as JUnit XML, with a suite for each section. Expected failures are marked as skipped, since JUnit has
 * no other verdict for them.
 *
 * ```ts
 * import { conformanceJunit } from 'nix-wire/conformance'
 *
 * const result = { id: '1f', section: 'Bool', title: 'a 2', verdict: 'failed', message: 'accepted' } as const
 * const report = { title: 'mine', summary: '1 failed', facts: [], notes: [], tables: [], results: [result] }
 * conformanceJunit(report).split('\n')[3] // => '  <testcase classname="mine: Bool" name="a 2 [1f]">'
 * ```
 */
export const conformanceJunit = ({ title, results }: ConformanceReport): string =>
  junitDocument(
    [...groupedBy(results, ({ section }) => [section])].map(([section, all]) => {
      const suite = `${shown(title)}: ${shown(section)}`
      return {
        name: suite,
        seconds: all.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
        cases: all.map((each) => junitCase(suite, each)),
      }
    }),
  )
