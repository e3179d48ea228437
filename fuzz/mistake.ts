import { isLeft } from 'fp-ts/lib/Either.js'
import type { IssueTag } from '../combinators/issue.js'
import { clip } from '../combinators/show.js'
import { bytesDifference, type Difference, type FieldDifference } from './difference.js'
import { type Format, placeOf } from './format.js'
import type { Input } from './inputs.js'
import type { Accepted, FuzzOutcome, Refused } from './outcome.js'
import { tellingLine } from './standard-error.js'
import type { Check } from './targets/target.js'
import { valueDifferences } from './value-differences.js'

/**
 * What is wrong with an outcome: the verdict (accepted or rejected), the value, the bytes, a crash, or no answer in
 * time.
 */
export type MistakeKind = 'verdict' | 'value' | 'bytes' | 'crash' | 'hang'

/** A wrong outcome. */
export interface Mistake {
  readonly kind: MistakeKind
  /** The place in the grammar; `[]` stands for any item of a list. */
  readonly place: string
  /** The rule that the target does not follow. */
  readonly rule: string
  /** What its findings have in common, such as the group of the broken rule, or the reason of a crash without its numbers. */
  readonly group: string
  readonly tag: IssueTag | null
  /**
   * For a refused acceptable input, what it is refused for instead of its form: the target accepts another input of
   * that form, or refuses the canonical form too. If it is absent, the target accepts the canonical form.
   */
  readonly cause?: string
  /** The place where the values or the bytes differ. */
  readonly difference?: Difference
}

/** The mistakes in the outcome of an input: for values and bytes one for each place that differs. */
export const mistakesOf = <A>(
  format: Format<A>,
  check: Check,
  input: Input,
  outcome: FuzzOutcome,
): ReadonlyArray<Mistake> => {
  const { verdict, rule, group, place, tag } = input.expected
  switch (outcome._tag) {
    case 'skips':
      return []
    case 'crashes':
      return [{ kind: 'crash', place, tag, ...crashOf(outcome) }]
    case 'hangs':
      return [{ kind: 'hang', place, tag, rule: 'it hangs', group: 'it hangs' }]
    case 'refuses':
      return verdict === 'refuses' || (check === 'roundtrip' && writtenAgain(format, input) === null)
        ? []
        : [{ kind: 'verdict', tag, ...refusedAt(format, input, outcome) }]
    case 'accepts':
      return verdict === 'refuses'
        ? [{ kind: 'verdict', place, rule, group, tag }]
        : accepted(format, check, input, outcome)
  }
}

/** The most characters of what a program says that are kept. */
const longestReason = 300

// Quoted texts, addresses and lengths differ between runs of the same mistake.
const withoutNumbers = (text: string): string =>
  text
    .replaceAll(/"(?:[^"\\]|\\.)*"|0x[0-9a-f]+|\d+/gi, (found) => (found.startsWith('"') ? '"…"' : '#'))
    .slice(0, 120)

const crashOf = ({
  how,
  stderr,
}: {
  readonly how: string
  readonly stderr: string
}): Pick<Mistake, 'rule' | 'group'> => {
  const line = tellingLine(stderr)
  return how.startsWith('throws')
    ? { rule: clip(how, longestReason), group: withoutNumbers(how) }
    : line === ''
      ? { rule: how, group: how }
      : { rule: clip(`${how}: ${line}`, longestReason), group: `${how}: ${withoutNumbers(line)}` }
}

/** Rejections of valid messages are one mistake if they name the same field and give the same reason. */
const refusedAt = <A>(
  format: Format<A>,
  { bytes, expected: { rule, group, place }, json }: Input,
  { offset, message }: Refused,
): Pick<Mistake, 'place' | 'rule' | 'group'> => {
  if (rule !== 'valid') {
    return { place, rule, group }
  }
  const because = (reason: string): string => (message === undefined ? rule : `${rule}, refused: ${reason}`)
  const at =
    json !== undefined || offset === undefined
      ? undefined
      : [...format.partsOf(bytes)].findLast(({ start, end }) => start <= offset && offset < end)
  const its = at === undefined ? place : placeOf(at.path)
  return {
    place: its,
    rule: because(clip(message ?? '', longestReason)),
    group: `${its}: ${because(withoutNumbers(message ?? ''))}`,
  }
}

const accepted = <A>(
  format: Format<A>,
  check: Check,
  input: Input,
  outcome: Accepted,
): ReadonlyArray<Mistake> => {
  switch (check) {
    case 'accept':
      return []
    case 'value':
      return wrongValues(format, input, outcome)
    case 'roundtrip':
      return wrongBytes(format, input, writtenAgain(format, input), outcome.bytes)
    case 'encode':
      return wrongBytes(format, input, input.bytes, outcome.bytes)
  }
}

/** The encoder's bytes for a decoded message; null if it cannot write the value. */
const writtenAgain = <A>({ codec, profile }: Format<A>, { bytes }: Input): Uint8Array | null => {
  if (profile === 'canonical') {
    return bytes
  }
  const value = codec.decode(bytes)
  const written = isLeft(value) ? value : codec.encode(value.right)
  return isLeft(written) ? null : written.right
}

const wrongBytes = <A>(
  format: Format<A>,
  { expected: { tag } }: Input,
  right: Uint8Array | null,
  bytes: Uint8Array | undefined,
): ReadonlyArray<Mistake> => {
  const difference = right === null ? null : bytesDifference(format, right, bytes ?? new Uint8Array())
  if (difference === null) {
    return []
  }
  const rule = bytes === undefined || bytes.length === 0 ? 'it writes nothing' : 'it writes other bytes'
  const { expected, actual, fields } = difference
  // Bytes that are missing or too many move all that follow, so later fields show nothing.
  const shown = expected.length === actual.length ? fields : fields.slice(0, 1)
  return placesOf(shown).map((place) => ({
    kind: 'bytes',
    place,
    rule,
    group: `${place}: ${rule}`,
    tag,
    difference,
  }))
}

const placesOf = (fields: ReadonlyArray<FieldDifference>): ReadonlyArray<string> =>
  fields.length === 0 ? [''] : [...new Set(fields.map(({ path }) => placeOf(path)))]

const wrongValues = <A>(
  format: Format<A>,
  { bytes, expected: { tag } }: Input,
  { value, read }: Accepted,
): ReadonlyArray<Mistake> => {
  const decoded = format.codec.decode(bytes)
  const right = isLeft(decoded) ? null : format.jsonOf(decoded.right)
  if (isLeft(decoded) || right === null) {
    return []
  }
  const said = read === undefined ? value : format.jsonOfRead(read)
  const rule = said === undefined ? 'it gives no JSON' : 'it reads another value'
  return [...valueDifferences(format, bytes, decoded.right, right, said)].map(([place, difference]) => ({
    kind: 'value',
    place,
    rule,
    group: `${place}: ${rule}`,
    tag,
    difference,
  }))
}
