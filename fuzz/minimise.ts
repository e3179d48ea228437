import fc from 'fast-check'
import type { Making } from './candidates.js'
import type { OpenFinding } from './findings.js'
import type { Input } from './inputs.js'
import { shrinkBytes } from './shrink-bytes.js'

/** Whether a smaller input shows the same mistake. */
export type Shows = (smaller: Input) => Promise<boolean>

/** Tries smaller and smaller inputs for a finding, for so many milliseconds at most. */
export const minimise = async <A>(
  making: Making<A>,
  finding: OpenFinding,
  milliseconds: number,
  shows: Shows,
): Promise<void> => {
  const { input, origin } = finding
  const deadline = performance.now() + milliseconds
  const inTime: Shows = async (smaller) => performance.now() < deadline && (await shows(smaller))
  if (origin._tag === 'bytes') {
    await shrinkBytes(input.bytes, (bytes) => inTime(making.inputs.judged(bytes, input.kind)))
    return
  }
  const anyShows = async (value: A): Promise<boolean> => {
    for (const smaller of smallerOf(making, input, value)) {
      if (await inTime(smaller)) {
        return true
      }
    }
    return false
  }
  await fc.check(
    fc.asyncProperty(making.values, async (value) => !(await anyShows(value))),
    { seed: origin.seed, path: String(origin.index), numRuns: 1, interruptAfterTimeLimit: milliseconds },
  )
}

/** The inputs of a smaller value that are of the same kind. */
const smallerOf = <A>({ inputs }: Making<A>, { kind, expected, json }: Input, value: A): Iterable<Input> =>
  json !== undefined
    ? [inputs.toEncode(value)]
    : kind === 'valid'
      ? [inputs.valid(value)]
      : inputs.breaking(value, expected.rule)
