import type { Making } from './candidates.js'
import type { OpenFinding } from './findings.js'
import type { Format } from './format.js'
import type { Input } from './inputs.js'
import { shrinkBytes } from './shrink-bytes.js'
import { contentsOf, fewer } from './simpler.js'

/** Whether a smaller input shows the same mistake. */
export type Shows = (smaller: Input) => Promise<boolean>

/** The most messages that are tried for one finding. */
const mostTries = 5000

/**
 * Tries smaller and smaller inputs for a finding: first with fewer items and fields, then with shorter texts and smaller
 * integers. True if there are none left to try, false if it got late before.
 */
export const minimise = async <A>(
  format: Format<A>,
  making: Making<A>,
  { input, origin }: OpenFinding,
  isLate: () => boolean,
  shows: Shows,
): Promise<boolean> => {
  const inTime = async (smaller: Input): Promise<boolean> => !isLate() && (await shows(smaller))
  if (origin._tag === 'bytes') {
    const { isDone } = await shrinkBytes(input.bytes, (bytes) =>
      inTime(making.inputs.judged(bytes, input.kind)),
    )
    return isDone && !isLate()
  }
  let value = origin.value as A
  let size = input.bytes.length
  const tried = new Set<string>()
  const isOver = (): boolean => isLate() || tried.size >= mostTries
  const shown = async (other: A): Promise<boolean> => {
    for (const smaller of smallerOf(making, input, other)) {
      const key = Buffer.from(smaller.bytes).toString('latin1')
      if (smaller.bytes.length > size || tried.has(key)) {
        continue
      }
      if (isOver()) {
        return false
      }
      tried.add(key)
      if (await shows(smaller)) {
        size = smaller.bytes.length
        return true
      }
    }
    return false
  }
  for (const simplify of [fewer, contentsOf]) {
    for (let isSmaller = true; isSmaller && !isOver(); ) {
      isSmaller = false
      for (const other of simplify(format, value)) {
        if (isOver()) {
          break
        }
        if (await shown(other)) {
          value = other
          isSmaller = true
          break
        }
      }
    }
  }
  return !isOver()
}

/** The inputs of a smaller value, of the same kind; none if it cannot be encoded. */
const smallerOf = <A>(
  { inputs }: Making<A>,
  { kind, expected, json }: Input,
  value: A,
): ReadonlyArray<Input> => {
  try {
    return json !== undefined
      ? [inputs.toEncode(value)]
      : kind === 'valid'
        ? [inputs.valid(value)]
        : [...inputs.breaking(value, expected.rule)]
  } catch {
    return []
  }
}
