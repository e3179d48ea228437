import type { JsonOptions } from '../json-form.js'
import type { ProtocolOptions } from '../protocol-options.js'
import type { Shard } from './shard.js'

/** The options of the command. */
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

/** The options of `report`. */
export interface ReportOptions {
  readonly out?: string
  readonly junit?: string
  readonly markdown?: string
}

/** The options of `init`. */
export interface InitOptions extends ProtocolOptions {
  readonly number: number
  readonly seed?: number
}
