import { expectNames } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import { callback, checkOptions, flag, number, type OptionChecks } from '../../combinators/options.js'
import { show } from '../../combinators/show.js'
import { narLimits } from '../../grammar/nar-names.js'

/** The limits of a NAR. The defaults are those of Nix 2.35. */
export interface NarLimits {
  /** The most bytes of an entry name. Default: 255. */
  readonly name: number
  /** The most bytes of the target of a symbolic link. Default: 4095. */
  readonly target: number
  /** The most levels of nodes, including the root. Default: 64, which is 63 directories above a node. */
  readonly depth: number
}

/**
 * Deviations that older releases of Nix accepted and Nix 2.35 rejects. All are off by default. Fields in another
 * order, or twice (both accepted up to 2.24), are not among them: no release wrote such archives, and the events
 * before them could not be taken back.
 */
export interface NarLeniency {
  /** Entries in any order, and duplicate names (up to 2.24). */
  readonly unsorted?: boolean
  /** A file without the field `contents`, which is then empty (up to 2.24). */
  readonly missingContents?: boolean
  /** Any one word in place of `contents` and its data; the file is then empty (2.25 to 2.31). */
  readonly otherWordForContents?: boolean
  /** Any bytes as the padding of contents (2.33 to 2.35, if contents are skipped). */
  readonly uncheckedPadding?: boolean
  /** Targets that are empty or have a NUL in them (up to 2.34). */
  readonly anyTarget?: boolean
}

export interface NarParserOptions {
  readonly limits?: Partial<NarLimits>
  readonly lenient?: NarLeniency
  /** The offset of the archive's first byte in the stream, for issues. Default: 0. */
  readonly offset?: number
  /**
   * Is called with each issue whose extent is known: a name or a target that breaks its rule, entries out of order,
   * padding. Reading then goes on, as an observer needs. Without this option the first issue ends the reading.
   */
  readonly onIssue?: (issue: Issue) => void
}

export interface NarWriterOptions {
  readonly limits?: Partial<NarLimits>
  /** The least number of bytes to collect before they are handed out. Default: 64 KiB. */
  readonly chunkSize?: number
}

const highest: NarLimits = { name: 2 ** 20, target: 2 ** 20, depth: 2 ** 20 }

const names = ['name', 'target', 'depth'] as const

const defaults: NarLimits = { name: narLimits.name, target: narLimits.target, depth: 64 }

/** @throws TypeError for an unknown limit; RangeError for one that is not an integer from 1 to 2^20. */
export const narLimitsOf = (given: Partial<NarLimits> = {}): NarLimits => {
  expectNames('the limits of a NAR', given, 'limit', names)
  const limits = { ...defaults, ...given }
  for (const name of names) {
    if (!Number.isInteger(limits[name]) || limits[name] < 1 || limits[name] > highest[name]) {
      throw new RangeError(
        `the ${name} limit must be an integer from 1 to ${highest[name]}, not ${show(limits[name])}`,
      )
    }
  }
  return limits
}

/** How an option with limits of a NAR is checked. */
export const narLimitsCheck = (_: string, value: unknown): void => {
  narLimitsOf(value as Partial<NarLimits>)
}

const leniencies: OptionChecks<NarLeniency> = {
  unsorted: flag,
  missingContents: flag,
  otherWordForContents: flag,
  uncheckedPadding: flag,
  anyTarget: flag,
}

/** How each option is checked. */
export const narParserOptions: OptionChecks<NarParserOptions> = {
  limits: narLimitsCheck,
  lenient: (what, value) => checkOptions(what, leniencies, value as NarLeniency),
  offset: number,
  onIssue: callback,
}

/** How each option is checked. */
export const narWriterOptions: OptionChecks<NarWriterOptions> = { limits: narLimitsCheck, chunkSize: number }
