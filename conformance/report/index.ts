export { conformanceHtml } from './html.js'
export { conformanceJunit, junitDocument } from './junit.js'
export { conformanceMarkdown, markdownCell, markdownTable } from './markdown.js'
export type {
  ConformanceReport,
  ConformanceResult,
  ConformanceTable,
  ConformanceVerdict,
} from './result.js'
export { type ConformanceTally, showTally, tallyOf } from './tally.js'
