import type { JsonOptions } from '../json-form.js'
import type { ProtocolOptions } from '../protocol-options.js'
import type { Shard } from './shard.js'

/** What the command line says. */
export interface FuzzCommandOptions extends ProtocolOptions, JsonOptions {
  readonly exec?: string
  readonly adapter?: string
  readonly check: 'accept' | 'roundtrip' | 'value'
  readonly encoder?: true
  readonly corpus?: string
  readonly jobs: number
  readonly shard: Shard
  readonly runs?: number
  readonly time?: number
  readonly timeout: number
  readonly memory?: number
  readonly refuseCode: number
  readonly findings: number
  readonly minimise: number
  readonly only: ReadonlyArray<string>
  readonly ignore: ReadonlyArray<string>
  readonly structure?: true
  readonly seed?: number
  readonly out: string
  readonly junit?: string
  readonly markdown?: string
  readonly job?: true
}

/** What `report` is told. */
export interface ReportOptions {
  readonly out?: string
  readonly junit?: string
  readonly markdown?: string
}

/** What `init` is told. */
export interface InitOptions extends ProtocolOptions {
  readonly number: number
  readonly seed?: number
}
