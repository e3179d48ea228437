import { isLeft } from 'fp-ts/lib/Either.js'
import { showFieldPath } from '../../combinators/issue.js'
import { clip, quoted } from '../../combinators/show.js'
import type { FuzzOutcome } from '../../fuzz/index.js'
import { tellingLine } from '../../fuzz/standard-error.js'
import { type Differing, visitDiffering } from '../../fuzz/value-differences.js'
import { parseJson, printJson } from '../../interpreters/json/index.js'
import type { Vector } from '../../vectors/index.js'
import type { CodecTold } from './codec.js'

/**
 * What is compared, in the order of grades: whether the program accepts and rejects correctly (0), writes the same
 * bytes back (1), reads the right value (2), and names the invalid byte (3).
 */
export type CodecCheck = 'verdict' | 'bytes' | 'value' | 'offset'

export const codecChecks: ReadonlyArray<CodecCheck> = ['verdict', 'bytes', 'value', 'offset']

/** What a program should do with acceptable messages. */
export type Acceptable = 'either' | 'accept' | 'refuse'

/** The outcome of one check; `wrong` is null if it passed. */
export interface Judgement {
  readonly check: CodecCheck
  readonly wrong: string | null
}

/** The judgements of the checks about an answer; null if the program could not answer. */
export const judgementsOf = (
  vector: Vector,
  outcome: FuzzOutcome,
  tells: ReadonlyArray<CodecTold>,
  acceptable: Acceptable,
): ReadonlyArray<Judgement> | null => {
  switch (outcome._tag) {
    case 'skips':
      return null
    case 'crashes': {
      const line = tellingLine(outcome.stderr)
      return [
        { check: 'verdict', wrong: `it crashes: ${outcome.how}${line === '' ? '' : `: ${clip(line, 300)}`}` },
      ]
    }
    case 'hangs':
      return [{ check: 'verdict', wrong: 'it hangs' }]
    case 'refuses':
      return refused(vector, outcome, tells, acceptable)
    case 'accepts':
      return accepted(vector, outcome, tells, acceptable)
  }
}

type OfTag<T extends FuzzOutcome['_tag']> = Extract<FuzzOutcome, { readonly _tag: T }>

const right: Judgement = { check: 'verdict', wrong: null }

const refused = (
  { result, issue }: Vector,
  { message, offset }: OfTag<'refuses'>,
  tells: ReadonlyArray<CodecTold>,
  acceptable: Acceptable,
): ReadonlyArray<Judgement> => {
  const reason = message === undefined ? '' : `: ${quoted(message, 200)}`
  if (result === 'valid') {
    return [{ check: 'verdict', wrong: `it rejects this valid message${reason}` }]
  }
  if (result === 'acceptable') {
    return [
      acceptable === 'accept'
        ? { check: 'verdict', wrong: `it rejects this acceptable message${reason}` }
        : right,
    ]
  }
  if (!tells.includes('offset') || issue === null) {
    return [right]
  }
  const wrong =
    offset === issue.offset
      ? null
      : `it names ${offset === undefined ? 'no byte' : `byte ${offset}`}, and byte ${issue.offset} is wrong${reason}`
  return [right, { check: 'offset', wrong }]
}

const accepted = (
  vector: Vector,
  outcome: OfTag<'accepts'>,
  tells: ReadonlyArray<CodecTold>,
  acceptable: Acceptable,
): ReadonlyArray<Judgement> => {
  const { result, issue } = vector
  if (result === 'invalid' || (result === 'acceptable' && acceptable === 'refuse')) {
    const at = issue === null ? '' : `: ${issue.tag} at byte ${issue.offset}, ${showFieldPath(issue.path)}`
    return [{ check: 'verdict', wrong: `it accepts this message, and must reject it${at}` }]
  }
  return [
    right,
    ...(tells.includes('bytes') && vector.canonical !== null
      ? [bytesJudged(vector, vector.canonical, outcome.bytes)]
      : []),
    ...(tells.includes('value') && vector.value !== undefined ? [valueJudged(vector, outcome)] : []),
  ]
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** An acceptable message may be written as it was, or in its canonical form. */
const bytesJudged = (
  { bytes }: Vector,
  canonical: Uint8Array,
  written: Uint8Array | undefined,
): Judgement => {
  if (written === undefined) {
    return { check: 'bytes', wrong: 'it writes nothing' }
  }
  if (sameBytes(written, canonical) || sameBytes(written, bytes)) {
    return { check: 'bytes', wrong: null }
  }
  const at = canonical.findIndex((byte, i) => byte !== written[i])
  const from = at === -1 ? canonical.length : at
  const shown = (all: Uint8Array): string => hex(all.subarray(from, from + 16)) || 'nothing'
  return {
    check: 'bytes',
    wrong: `it writes other bytes: from byte ${from} on ${shown(written)}, expected ${shown(canonical)}`,
  }
}

const mostShown = 120

/** The most further paths that are named. */
const mostPaths = 5

const alsoAt = (others: ReadonlyArray<Differing>): string => {
  const named = others.slice(0, mostPaths).map(({ path }) => showFieldPath(path))
  return named.length === 0
    ? ''
    : `; also at ${named.join(', ')}${others.length > mostPaths ? ' and more' : ''}`
}

const valueJudged = ({ value }: Vector, outcome: OfTag<'accepts'>): Judgement => {
  if (outcome.value === undefined) {
    return { check: 'value', wrong: 'it tells no value' }
  }
  // Numbers of the answer keep their digits, so ours are parsed in the same way.
  const ours = parseJson(printJson(value!))
  const all: Array<Differing> = []
  if (!isLeft(ours)) {
    visitDiffering(ours.right, outcome.value, (each) => all.push(each) <= mostPaths + 1)
  }
  const [found, ...others] = all
  if (found === undefined) {
    return { check: 'value', wrong: null }
  }
  const shown = (json: Differing['actual']): string =>
    json === undefined ? 'nothing' : clip(printJson(json), mostShown)
  return {
    check: 'value',
    wrong: `it reads another value: ${showFieldPath(found.path)} is ${shown(found.actual)}, expected ${shown(found.expected)}${alsoAt(others)}`,
  }
}
