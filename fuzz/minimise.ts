import fc from 'fast-check'
import type { Making } from './candidates.js'
import type { OpenFinding } from './findings.js'
import type { Input } from './inputs.js'
import { shrinkBytes } from './shrink-bytes.js'

/** Whether a smaller input shows the same mistake. */
export type Shows = (smaller: Input) => Promise<boolean>

/** Tries smaller and smaller inputs for a finding, until there are none or the time is up. */
export const minimise = async <A>(
  making: Making<A>,
  finding: OpenFinding,
  isLate: () => boolean,
  shows: Shows,
): Promise<void> => {
  const { input, origin } = finding
  if (origin._tag === 'bytes') {
    await shrinkBytes(
      input.bytes,
      async (bytes) => !isLate() && (await shows(making.inputs.judged(bytes, input.kind))),
    )
    return
  }
  const anyShows = async (value: A): Promise<boolean> => {
    for (const smaller of smallerOf(making, input, value)) {
      if (isLate()) {
        // Ends the search without trying the rest.
        throw new fc.PreconditionFailure(true)
      }
      if (await shows(smaller)) {
        return true
      }
    }
    return false
  }
  await fc.check(
    fc.asyncProperty(making.values, async (value) => !(await anyShows(value))),
    { seed: origin.seed, path: String(origin.index), numRuns: 1 },
  )
}

/** The inputs of a smaller value, of the same kind. */
const smallerOf = <A>({ inputs }: Making<A>, { kind, expected, json }: Input, value: A): Iterable<Input> =>
  json !== undefined
    ? [inputs.toEncode(value)]
    : kind === 'valid'
      ? [inputs.valid(value)]
      : inputs.breaking(value, expected.rule)
