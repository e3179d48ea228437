import type { StreamIndex } from './item.js'
import type { Outline } from './outline.js'

/** Bytes of one field. */
export interface Region {
  readonly start: number
  readonly end: number
  /** Its colour: neighbours have different ones. */
  readonly colour: number
  /** Whether an operation begins here. */
  readonly begins: boolean
}

const colours = 5

/** The fields of the bytes between two offsets. */
export const regionsOf = (
  outline: Outline,
  stream: StreamIndex,
  from: number,
  to: number,
): ReadonlyArray<Region> => {
  const regions: Array<Region> = []
  for (let at = from; at < to; ) {
    const path = outline.at(stream, at)
    const span = path.length === 0 ? undefined : spanAt(outline, path, stream, at)
    if (span === undefined) {
      at++
      continue
    }
    const whole = spanAt(outline, path.slice(0, 1), stream, at)
    regions.push({
      start: span.start,
      end: span.end,
      colour: ((path.at(-1) ?? 0) + path.length) % colours,
      begins: whole?.start === span.start,
    })
    at = Math.max(at + 1, span.end)
  }
  return regions
}

const spanAt = (outline: Outline, path: ReadonlyArray<number>, stream: StreamIndex, at: number) =>
  outline.item(path)?.spans.find((span) => span.stream === stream && span.start <= at && at < span.end)
