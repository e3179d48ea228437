import { type Duplex, duplexPair } from 'node:stream'
import { clip } from '../../combinators/show.js'
import type { ProtocolVersion } from '../../combinators/version.js'
import { storeHandlers } from '../../daemon/served-store/handlers.js'
import { serve } from '../../daemon/server.js'
import { workerOf } from '../../grammar/conversation/worker.js'
import { oldestVersion } from '../../grammar/negotiation.js'
import { operations } from '../../grammar/operations/table.js'
import { narDelimiter } from '../../stream/nar/delimiter.js'
import { newestVersion } from '../../types/nix-protocol.js'
import { signalOf } from '../daemon/judge.js'
import type { Sent } from '../daemon/line.js'
import { versionsBetween } from '../daemon/sections/make.js'
import type { ConformanceVerdict } from '../report/result.js'
import type { Case, Ending, Outcome, Section } from './case.js'
import { brokenCases, unbroken } from './cases.js'
import { exampleStore, knownPath } from './example-store.js'
import { Passage, type Passed } from './passage.js'
import type { ClientUnderTest } from './program.js'

/** The result of one case. */
export interface Result extends Pick<Case, 'id' | 'section' | 'title'> {
  readonly verdict: ConformanceVerdict
  readonly outcome: Outcome
  readonly detail: string
  /** The bytes of the connection, for a failed case. */
  readonly sent: ReadonlyArray<Sent>
}

export interface RunOptions {
  readonly client: ClientUnderTest
  /** Resolves when a client has taken too long. It is called anew for each case. */
  readonly patience: (signal: AbortSignal) => Promise<void>
  readonly storeDir?: string
  /** The versions that servers speak in the unbroken cases. Default: 1.10 and 1.38. */
  readonly oldest?: ProtocolVersion
  readonly newest?: ProtocolVersion
  /** In how many ways each message is broken. Default: 8. */
  readonly ways?: number
  /** What the ways follow from. Default: 1. */
  readonly seed?: number
  /** The sections to try. Default: all. */
  readonly sections?: ReadonlyArray<Section>
  /** The cases to try: the beginnings of their identifiers. Default: all. */
  readonly only?: ReadonlyArray<string>
  /** The cases that fail, and may. */
  readonly expected?: ReadonlySet<string>
  /** Called with each result, and how many cases are known of so far. */
  readonly onResult?: (result: Result, of: number) => void
  /** Ends the run behind the case that is being tried. */
  readonly signal?: AbortSignal
}

export interface Run {
  readonly results: ReadonlyArray<Result>
  /** The version of the broken cases; null if the client accepts none. */
  readonly version: ProtocolVersion | null
  /** Why the run ended before the last case; null if it did not. */
  readonly stopped: string | null
}

interface Tried {
  readonly outcome: Outcome
  readonly detail: string
  readonly connections: ReadonlyArray<Passed>
}

const flow = workerOf(operations, { archive: narDelimiter })

/**
 * Runs a client once for each case. First servers of each version say what they should, the newest first; then each kind of word
 * that the client was told at the newest version that it takes comes broken.
 */
export const runClient = async (options: RunOptions): Promise<Run> => {
  const { oldest = oldestVersion, newest = newestVersion, ways = 8, seed = 1, signal } = options
  const { only, sections, expected = new Set<string>(), onResult } = options
  const results: Array<Result> = []
  const isWanted = ({ id, section }: Pick<Case, 'id' | 'section'>): boolean =>
    (only?.some((start) => id.startsWith(start)) ?? true) && (sections?.includes(section) ?? true)
  const told = (given: Case, tried: Tried, allows: ReadonlyArray<Outcome>, of: number): void => {
    const result = resultOf(given, tried, allows, expected)
    results.push(result)
    onResult?.(result, of)
  }
  const stopped = () => (signal?.aborted === true ? 'it was asked to end' : null)
  const versions = [...versionsBetween(oldest, newest)].reverse()
  let heard: { readonly version: ProtocolVersion; readonly tried: Tried } | null = null
  for (const version of versions) {
    const given = unbroken(version)
    // Broken cases are made from an unbroken one, even if that is not wanted itself.
    if ((!isWanted(given) && heard !== null) || stopped() !== null) {
      continue
    }
    const tried = await triedOn(options, given)
    heard ??= tried.outcome === 'takes' ? { version, tried } : null
    if (isWanted(given)) {
      // A client may be too new for some versions.
      told(given, tried, heard === null ? given.allows : [...given.allows, 'leaves'], versions.length)
    }
  }
  const cases =
    heard === null ? [] : brokenCases(heard.version, wordsOf(heard.tried), { ways, seed }).filter(isWanted)
  const of = results.length + cases.length
  for (const given of cases) {
    if (stopped() !== null) {
      break
    }
    told(given, await triedOn(options, given), given.allows, of)
  }
  return { results: agreeing(results), version: heard?.version ?? null, stopped: stopped() }
}

const wordsOf = ({ connections }: Tried) => connections.flatMap(({ words }) => words)

/** A client may leave a server of a version if it accepts no older one: these cases are skipped, the others fail. */
const agreeing = (results: ReadonlyArray<Result>): ReadonlyArray<Result> => {
  const lastTaken = results.findLastIndex(({ section, outcome }) => section === 1 && outcome === 'takes')
  return results.map((result, i) =>
    result.section === 1 && result.outcome === 'leaves' && result.verdict !== 'known'
      ? i < lastTaken
        ? { ...result, verdict: 'failed', detail: `${result.detail}, and takes an older one` }
        : { ...result, verdict: result.verdict === 'failed' ? 'failed' : 'skipped' }
      : result,
  )
}

const resultOf = (
  { id, section, title }: Case,
  { outcome, detail, connections }: Tried,
  allows: ReadonlyArray<Outcome>,
  expected: ReadonlySet<string>,
): Result => {
  const base = { id, section, title, outcome }
  if (outcome === 'not reached') {
    return { ...base, verdict: 'skipped', detail, sent: [] }
  }
  const isRight = allows.includes(outcome)
  const isListed = expected.has(id)
  if (isRight && !isListed) {
    return { ...base, verdict: 'passed', detail, sent: [] }
  }
  const passed = connections.find(({ isSpoilt }) => isSpoilt) ?? connections.at(-1)
  return {
    ...base,
    verdict: isRight || !isListed ? 'failed' : 'known',
    detail: isRight ? 'it passes, and is listed among the expected failures' : detail,
    sent: passed?.sent ?? [],
  }
}

/** Runs the client against one server. */
const triedOn = async (
  { client, patience, storeDir = '/nix/store' }: RunOptions,
  given: Case,
): Promise<Tried> => {
  const known = { path: knownPath(storeDir), storeDir }
  const store = await exampleStore(known)
  const handlers = storeHandlers(store)
  const passages: Array<Passage> = []
  const served: Array<Promise<unknown>> = []
  const over = new AbortController()
  const late = new AbortController()
  const serving = (stream: Duplex): void => {
    const [here, there] = duplexPair()
    const options = { storeDir, trusted: true, newest: given.version, signal: over.signal }
    served.push(serve(there, handlers, options))
    const spoil = passages.some(({ passed }) => passed.isSpoilt) ? null : given.spoil
    passages.push(new Passage(stream, here, flow, storeDir, spoil))
  }
  const running = client.run(serving, known, late.signal)
  const done = new AbortController()
  const hangs = await Promise.race([
    running.then(
      () => false,
      () => false,
    ),
    patience(done.signal).then(() => true),
  ])
  done.abort()
  if (hangs) {
    late.abort()
  }
  try {
    const ending = await running
    return judged(
      given,
      ending,
      hangs,
      passages.map(({ passed }) => passed),
    )
  } finally {
    over.abort()
    await Promise.all(passages.map((each) => each.close()))
    await Promise.all(served)
  }
}

const longest = 200

const saying = ({ said }: Ending): string =>
  said === '' ? '' : `: ${clip(said.split('\n').at(-1) ?? '', longest)}`

const judged = (given: Case, ending: Ending, hangs: boolean, connections: ReadonlyArray<Passed>): Tried => {
  const { code, signal } = ending
  const by = hangs ? null : (signal ?? signalOf(code ?? 0))
  const told = (outcome: Outcome, detail: string): Tried => ({ outcome, detail, connections })
  if (hangs) {
    return told('hangs', 'it has not ended')
  }
  if (by !== null) {
    return told('crashes', `it was ended by ${by}${saying(ending)}`)
  }
  if (given.spoil !== null && !connections.some(({ isSpoilt }) => isSpoilt)) {
    return told('not reached', `it never came to ${given.spoil.label}`)
  }
  if (code === 0) {
    return connections.length === 0
      ? told('not reached', 'it has not connected, and ends with code 0')
      : told('takes', 'it ends with code 0')
  }
  const hasAsked = connections.some((each) => each.hasAsked)
  return told(
    hasAsked || connections.length === 0 ? 'refuses' : 'leaves',
    `it ends with code ${code}${saying(ending)}`,
  )
}
