import type { OperationName } from '../../grammar/operations/table.js'
import { releases } from '../../grammar/releases.js'
import {
  type Case,
  includes,
  type Level,
  type Outcome,
  type Section,
  type Skipped,
  sectionNumbers,
} from './case.js'
import { type Facts, learn } from './facts.js'
import { isAllowed, type Judged, judged } from './judge.js'
import { known } from './known.js'
import { type Heard, type LineOptions, openLine, type Sent } from './line.js'
import { brokenCases } from './sections/broken.js'
import { errorCases } from './sections/errors.js'
import { handshakeCases } from './sections/handshake.js'
import { logCases } from './sections/logs.js'
import { operationCases } from './sections/operations.js'
import { primitiveCases } from './sections/primitives.js'
import { streamCases } from './sections/streams.js'

export type Verdict = 'passed' | 'known' | 'failed' | 'skipped'

/** The result of one case. */
export interface Result {
  readonly id: string
  readonly section: Section
  readonly title: string
  readonly verdict: Verdict
  /** What the daemon did; null for a case that was not tried. */
  readonly outcome: Outcome | null
  /** What the daemon did, why the case was left out, or what is known of the release. */
  readonly detail: string
  /** The bytes of the connection, for a failed case. */
  readonly sent: ReadonlyArray<Sent>
}

export interface RunOptions extends Pick<LineOptions, 'target' | 'storeDir' | 'patience' | 'pause'> {
  readonly level: Level
  /** The sections to try. Default: all. */
  readonly sections?: ReadonlyArray<Section>
  /** Only cases whose identifier begins with one of these. Default: all. */
  readonly only?: ReadonlyArray<string>
  /** In how many ways each request is broken. Default: 8. */
  readonly ways?: number
  /** After how many crashes the run stops; those that the release is known for do not count. Default: 3. */
  readonly mostCrashes?: number
  /** How many cases run at a time, where they cannot affect each other. Default: 3. */
  readonly jobs?: number
  /** Called with each result, in the order of the cases, and how many cases there are. */
  readonly onResult?: (result: Result, of: number) => void
  /** Operations that the daemon does not have: their cases are left out. */
  readonly without?: ReadonlyArray<OperationName>
  /** The name of the daemon's release. Default: the one that it says. */
  readonly release?: string
  /** Whether the daemon trusts its client, for one that does not say. */
  readonly trusts?: boolean
  /** Ends the run when the cases under way are done. */
  readonly signal?: AbortSignal
}

export interface Run {
  readonly facts: Facts
  readonly results: ReadonlyArray<Result>
  /** Why the run ended before the last case; null if it did not. */
  readonly stopped: string | null
}

type Maker = (facts: Facts, ways: number) => ReadonlyArray<Case | Skipped>

const makers: { readonly [S in Section]: Maker } = {
  1: handshakeCases,
  2: primitiveCases,
  3: operationCases,
  4: errorCases,
  5: streamCases,
  6: logCases,
  7: brokenCases,
}

/** The selected cases, in the order in which they are tried. */
const casesFor = (
  facts: Facts,
  { level, ways = 8, sections = sectionNumbers, only }: RunOptions,
): ReadonlyArray<Case | Skipped> => {
  const isWanted = (id: string): boolean => only?.some((start) => id.startsWith(start)) ?? true
  return sections
    .filter(
      (each) => only?.some((start) => `${each}.`.startsWith(start) || start.startsWith(`${each}.`)) ?? true,
    )
    .flatMap((each) => makers[each](facts, ways))
    .filter((each) => isWanted(each.id) && (isSkipped(each) || includes(level, each.level)))
}

const isSkipped = (each: Case | Skipped): each is Skipped => 'reason' in each

// In these sections, no case depends on what another one changes.
const apart: ReadonlySet<Section> = new Set([1, 2])

const mayRunBesides = (each: Case): boolean => apart.has(each.section) || each.level === 'read'

/**
 * Tries the cases on a daemon, one after another or a few at a time. Rejects with NoDaemon if there is none.
 */
export const runOn = async (options: RunOptions): Promise<Run> => {
  const { level, mostCrashes = 3, jobs = 3, onResult, signal } = options
  const learnt = await learn(options, level)
  const taken = releases.find(({ name }) => name === options.release)
  const facts: Facts = {
    ...learnt,
    release: taken ?? learnt.release,
    without: options.without ?? [],
    trusts: learnt.trusts ?? options.trusts ?? null,
  }
  const chosen = casesFor(facts, options)
  const results: Array<Result> = []
  let crashes = 0
  let stopped: string | null = null
  for (let at = 0; at < chosen.length && stopped === null; ) {
    const batch = batchFrom(chosen, at, jobs)
    at += batch.length
    for (const result of await Promise.all(batch.map((each) => resultOf(facts, each, options)))) {
      results.push(result)
      onResult?.(result, chosen.length)
      crashes += result.outcome === 'crashes' && result.verdict === 'failed' ? 1 : 0
      stopped ??=
        result.outcome === 'unreachable'
          ? `the daemon does not answer after ${results.at(-2)?.id ?? 'the beginning'}`
          : crashes >= mostCrashes
            ? `the daemon crashed ${crashes === 1 ? 'once' : `${crashes} times`}`
            : null
    }
    if (signal?.aborted) {
      stopped ??= 'it was asked to end'
    }
  }
  return { facts, results, stopped }
}

const batchFrom = (
  cases: ReadonlyArray<Case | Skipped>,
  at: number,
  jobs: number,
): ReadonlyArray<Case | Skipped> => {
  const batch: Array<Case | Skipped> = []
  for (const each of cases.slice(at, at + jobs)) {
    if (!isSkipped(each) && !mayRunBesides(each)) {
      return batch.length === 0 ? [each] : batch
    }
    batch.push(each)
  }
  return batch
}

const resultOf = async (facts: Facts, given: Case | Skipped, options: RunOptions): Promise<Result> => {
  const { id, section, title } = given
  if (isSkipped(given)) {
    return { id, section, title, verdict: 'skipped', outcome: null, detail: given.reason, sent: [] }
  }
  const [told, heard] = await tried(facts, given, options)
  if (isAllowed(given, told)) {
    return { id, section, title, verdict: 'passed', outcome: told.outcome, detail: told.detail, sent: [] }
  }
  const difference = known(facts, given, told)
  return {
    id,
    section,
    title,
    verdict: difference === null ? 'failed' : 'known',
    outcome: told.outcome,
    detail: difference === null ? told.detail : difference,
    sent: heard?.sent ?? [],
  }
}

const tried = async (
  facts: Facts,
  given: Case,
  options: RunOptions,
): Promise<readonly [Judged, Heard | null]> => {
  const heard = await heardOf(facts, given, options)
  return typeof heard === 'string'
    ? [{ outcome: 'unreachable', detail: heard }, null]
    : [judged(given, heard), heard]
}

const heardOf = async (
  facts: Facts,
  { moves, leaves = false, subject, probes }: Case,
  options: RunOptions,
): Promise<Heard | string> => {
  const line = await openLine({ ...options, flow: facts.flow })
  if (typeof line === 'string') {
    return line
  }
  for (const move of moves) {
    await line.make(move)
  }
  // Without a request after it, the case is incomplete, and no reply is awaited.
  return leaves ? line.leave() : line.finish(probes.length === 0 ? 0 : (subject ?? -1) + 1 + probes.length)
}
