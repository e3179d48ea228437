import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { StreamIndex } from '../engine/item.js'
import type { Region } from '../engine/regions.js'

export type AskRegions = (stream: StreamIndex, from: number, to: number) => Promise<ReadonlyArray<Region>>

/** The fields of the visible bytes. `revision` changes when the fields of the bytes change. */
export const useRegions = (
  ask: AskRegions,
  revision: unknown,
  stream: StreamIndex,
  from: number,
  to: number,
): ReadonlyArray<Region> => {
  const [regions, setRegions] = useState<ReadonlyArray<Region>>([])
  const latest = useRef(0)
  useLayoutEffect(() => {
    const turn = ++latest.current
    ask(stream, from, to).then(
      (found) => {
        if (turn === latest.current) {
          setRegions(found)
        }
      },
      () => {},
    )
  }, [ask, revision, stream, from, to])
  return regions
}

/**
 * The classes of a row of bytes, a word for each byte: the colour of its field, and whether a field or an operation
 * begins there.
 */
export const fieldClasses = (regions: ReadonlyArray<Region>, start: number, end: number): string => {
  const words: Array<string> = Array(Math.max(0, end - start)).fill('-')
  for (const region of regions) {
    for (let at = Math.max(start, region.start); at < Math.min(end, region.end); at++) {
      const edge = at !== region.start ? '' : region.begins ? '-begins' : '-edge'
      words[at - start] = `field-${region.colour}${edge}`
    }
  }
  return words.join(' ')
}
