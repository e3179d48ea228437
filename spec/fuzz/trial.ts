import { clip } from '../../combinators/show.js'
import { shrinkBytes } from '../../fuzz/shrink-bytes.js'

/** One input, and what to do with it. */
export interface Trial {
  /** The purpose of the input, on one line. */
  readonly what: string
  /** The input itself, on one line. */
  readonly shown: () => string
  /** Throws, or rejects, if something is wrong. */
  readonly run: () => void | Promise<void>
  /** A smaller one that fails in the same way. */
  readonly shrunk: (fails: (smaller: Trial) => Promise<boolean>) => Promise<Trial>
}

/** The code on which inputs are tried. */
export interface Target {
  readonly name: string
  /** The inputs, and what must hold. */
  readonly summary: string
  readonly open: () => Promise<OpenTarget>
}

export interface OpenTarget {
  /** Some trials: the same for the same seed. */
  readonly batch: (seed: number) => Iterable<Trial>
  readonly close: () => Promise<void>
}

const shownBytes = 2048

/** Bytes as input; if they fail, they are made fewer and simpler. */
export const bytesTrial = (
  what: string,
  bytes: Uint8Array,
  run: (bytes: Uint8Array) => void | Promise<void>,
): Trial => ({
  what,
  shown: () => {
    const hex = clip(Buffer.from(bytes.subarray(0, shownBytes + 1)).toString('hex'), 2 * shownBytes)
    return `${bytes.length} bytes: ${hex}`
  },
  run: () => run(bytes),
  shrunk: async (fails) => {
    const { bytes: fewer } = await shrinkBytes(bytes, (smaller) => fails(bytesTrial(what, smaller, run)))
    return bytesTrial(what, fewer, run)
  },
})

/** Another input, which is not made smaller. */
export const plainTrial = (what: string, shown: () => string, run: () => void | Promise<void>): Trial => {
  const trial: Trial = { what, shown, run, shrunk: async () => trial }
  return trial
}

/** A target that needs no preparation. */
export const alone = (batch: OpenTarget['batch']) => async (): Promise<OpenTarget> => ({
  batch,
  close: async () => undefined,
})
