import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { equalValues } from '../bytes/equal.js'
import type { Making } from './candidates.js'
import { isRough, type OpenFinding } from './findings.js'
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
  const decoded = origin._tag === 'bytes' ? ownValue(format, input) : (origin.value as A)
  let best = input.bytes
  const isSmallest =
    decoded === null ||
    (await minimiseValue(format, making, input, decoded, isLate, async (smaller) => {
      const isShown = await shows(smaller)
      best = isShown ? smaller.bytes : best
      return isShown
    }))
  if (origin._tag === 'value' || isLate()) {
    return isSmallest
  }
  const { isDone } = await shrinkBytes(best, (bytes) => inTime(making.inputs.judged(bytes, input.kind)))
  return isSmallest && isDone && !isLate()
}

/** The value of bytes that are written again as they are. */
const ownValue = <A>({ compatible }: Format<A>, { bytes }: Input): A | null => {
  const value = compatible.decode(bytes)
  const written = isLeft(value) ? value : compatible.encode(value.right)
  return isRight(value) && isRight(written) && equalValues(written.right, bytes) ? value.right : null
}

const minimiseValue = async <A>(
  format: Format<A>,
  making: Making<A>,
  input: Input,
  start: A,
  isLate: () => boolean,
  shows: Shows,
): Promise<boolean> => {
  let value = start
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
      : isRough(kind)
        ? [inputs.judged(inputs.valid(value).bytes, kind)]
        : kind === 'valid'
          ? [inputs.valid(value)]
          : [...inputs.breaking(value, expected.rule)]
  } catch {
    return []
  }
}
