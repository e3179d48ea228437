import { equalValues } from '../../bytes/equal.js'
import { show } from '../../combinators/show.js'
import type { OperationName, ReplyOf, RequestOf } from '../../grammar/operations/table.js'
import type { Level, Outcome } from './case.js'
import type { Upload } from './speech.js'

/** A request, and its correct outcomes. */
export interface Ask {
  readonly operation: OperationName
  /** What distinguishes it from other requests of its operation; may be empty. */
  readonly title: string
  readonly level: Level
  readonly request: unknown
  readonly upload?: Upload
  readonly allows: ReadonlyArray<Outcome>
  readonly checks?: (reply: unknown, flowed: number | null) => string | null
}

export const answered: ReadonlyArray<Outcome> = ['answered']
/** The outcomes of an operation that a daemon may lack. */
export const either: ReadonlyArray<Outcome> = ['answered', 'refused']

export const ask = <N extends OperationName>(
  operation: N,
  level: Level,
  request: RequestOf<N>,
  {
    title = '',
    is,
    allows = answered,
    ...rest
  }: {
    readonly title?: string
    readonly is?: (reply: ReplyOf<N>) => boolean
    readonly allows?: ReadonlyArray<Outcome>
    readonly upload?: Upload
    readonly checks?: NonNullable<Ask['checks']>
  } = {},
): Ask => ({
  operation,
  title,
  level,
  request,
  allows,
  ...(is === undefined
    ? {}
    : { checks: (reply) => (is(reply as ReplyOf<N>) ? null : `not the answer: ${show(reply)}`) }),
  ...rest,
})

/** The request that the client of Nix sends directly after the handshake. */
export const options = (overrides: ReadonlyMap<string, string> = new Map()): RequestOf<'SetOptions'> => ({
  keepFailed: false,
  keepGoing: false,
  tryFallback: false,
  verbosity: 'Error',
  maxBuildJobs: 1,
  maxSilentTime: 0,
  verboseBuild: false,
  buildCores: 1,
  useSubstitutes: false,
  overrides,
})

export const holdsExactly = (all: ReadonlyArray<string>, wanted: ReadonlyArray<string>): boolean =>
  equalValues([...all].sort(), [...wanted].sort())
