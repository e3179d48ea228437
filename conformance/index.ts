/**
 * Tests the codecs of other programs with test vectors, and makes reports for people and for CI.
 *
 * A mistake of the program under test is a result in the report. A promise rejects for a program that cannot be run,
 * with a `ProgramError` of `nix-wire/fuzz`.
 *
 * @module nix-wire/conformance
 */
export {
  type Acceptable,
  adapterCodec,
  type CodecCheck,
  type CodecQuestion,
  type CodecReportOptions,
  type CodecResult,
  type CodecRun,
  type CodecRunOptions,
  type CodecTold,
  type CodecUnderTest,
  codecReport,
  expectedFailures,
  gradeOf,
  type Judgement,
  printExpectedFailures,
  programCodec,
  type RunningCodec,
  runCodec,
  vectorReports,
} from './codecs/index.js'
export {
  type ConformanceReport,
  type ConformanceResult,
  type ConformanceTable,
  type ConformanceTally,
  type ConformanceVerdict,
  conformanceHtml,
  conformanceJunit,
  conformanceMarkdown,
  showTally,
  tallyOf,
} from './report/index.js'
