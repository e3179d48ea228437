import { duplexPair } from 'node:stream'
import type { RunOptions } from '../../../conformance/daemon/index.js'
import { runOn } from '../../../conformance/daemon/index.js'
import { storeHandlers } from '../../../daemon/served-store/handlers.js'
import { memoryStore } from '../../../daemon/served-store/memory-store.js'
import { serve } from '../../../daemon/server.js'
import type { ServeOptions } from '../../../daemon/server-options.js'
import type { Handlers } from '../../../daemon/server-types.js'
import { type OperationTable, operations } from '../../../grammar/operations/table.js'
import { stillness } from '../../support/late-modules.js'

const storeDir = '/nix/store'

/** The operations that our server lacks: it builds nothing, and knows no derivations. */
export const without = [
  'AddBuildLog',
  'BuildDerivation',
  'BuildPaths',
  'BuildPathsWithResults',
  'QueryDerivationOutputMap',
  'QueryDerivationOutputNames',
  'QueryDerivationOutputs',
  'QueryRealisation',
  'RegisterDrvOutput',
] as const

const rounds = 300

/**
 * Resolves when this process has done all it can do by itself: a server in it that has sent nothing yet sends nothing
 * more.
 */
const still = (signal: AbortSignal): Promise<void> => stillness(rounds, signal)

/** A server of ours in this process, or one with something else in it. */
export interface Subject {
  readonly handlers?: (own: Handlers<typeof operations>) => object
  readonly operations?: { readonly [name: string]: object }
  readonly options?: ServeOptions
}

/** Runs cases on our server. Nothing depends on time. */
export const runOnOurs = async (
  { handlers = (own) => own, operations: others = {}, options = {} }: Subject,
  wanted: Partial<RunOptions> = {},
) => {
  const handlersOf = storeHandlers(memoryStore({ storeDir }))
  const served: Array<Promise<unknown>> = []
  const over = new AbortController()
  const target = () => {
    const [here, there] = duplexPair()
    const table = { ...operations, ...others } as OperationTable
    const { signal } = over
    const given: ServeOptions = { storeDir, trusted: true, signal, ...options, operations: table } as never
    const made = (connection: Parameters<typeof handlersOf>[0]) => handlers(handlersOf(connection))
    served.push(serve<OperationTable>(there, made as never, given as never))
    return here
  }
  const run = await runOn({
    target,
    storeDir,
    level: 'build',
    without,
    patience: still,
    pause: still,
    ...wanted,
  })
  over.abort()
  await Promise.all(served)
  return run
}
