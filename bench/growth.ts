import { inChild } from './child.js'

/** How time and memory grow with the input: per byte they should stay the same. */

/**
 * A message of that many bytes, read and written as a whole: nanoseconds and heap bytes, each per byte of the message.
 */
export interface Grown {
  readonly bytes: number
  readonly decode: number
  readonly encode: number
  readonly memory: number
}

/** A stream of so many bytes, and by how much the process grew while it read it. */
export interface Streamed {
  readonly bytes: number
  readonly mebibytes: number
}

export interface Growth {
  readonly whole: readonly Grown[]
  /** Consecutive path infos, each dropped. */
  readonly stream: readonly Streamed[]
  readonly nar: readonly Streamed[]
}

const sizes = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

const most = (quick: boolean): number => (quick ? 1e5 : 1e9)

export const growthSteps = (quick: boolean): number => sizes.filter((size) => size <= most(quick)).length * 3

export const measureGrowth = async (quick: boolean, onStep: () => void): Promise<Growth> => {
  const run = async <A>(what: string): Promise<A[]> => {
    const results: A[] = []
    for (const size of sizes.filter((each) => each <= most(quick))) {
      results.push(
        await inChild<A>('./growth-child.ts', [what, String(size)], ['--max-old-space-size=16000'], () => {}),
      )
      onStep()
    }
    return results
  }
  return { whole: await run('whole'), stream: await run('stream'), nar: await run('nar') }
}
