import type { Level, Section } from '../../conformance/daemon/index.js'
import type { OperationName } from '../../grammar/operations/table.js'
import type { ReportFiles } from './report-files.js'

/** The options of `conformance daemon`. */
export interface Options extends ReportFiles {
  readonly socket?: string
  readonly command?: string
  readonly private?: string
  readonly storeDir?: string
  readonly level: Level
  readonly section: ReadonlyArray<Section>
  readonly only: ReadonlyArray<string>
  readonly without: ReadonlyArray<OperationName>
  readonly release?: string
  readonly untrusted?: true
  readonly ways: number
  readonly timeout: number
  readonly jobs: number
  readonly maxCrashes: number
  readonly record: string
}
