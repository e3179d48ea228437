import type fc from 'fast-check'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { callback, list, number, type OptionChecks, word, words } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import type { ProtocolVersion } from '../combinators/version.js'
import { type ArbitraryOptions, arbitraryOptions } from '../interpreters/arbitrary/index.js'
import type { Settings, SubjectOf } from './subject.js'

/** Another reader of the same grammar, to compare with the subject on bytes of every kind. */
export interface OtherReader {
  readonly name: string
  readonly decodeAt: <A>(
    grammar: Grammar<A>,
    given: Protocol,
    settings: Settings,
  ) => (bytes: Uint8Array, at: number) => Either<Issue, { readonly value: A; readonly next: number }>
}

export interface LawOptions<A> extends ArbitraryOptions {
  /** The versions. Default: each version that the grammar depends on, and the one before it. */
  readonly versions?: ReadonlyArray<ProtocolVersion>
  /** The sets of features. Default: no features, each feature that the grammar depends on, and all of these. */
  readonly features?: ReadonlyArray<ReadonlyArray<string>>
  /** The store directory. Default: that of the grammar. */
  readonly storeDir?: string
  /** The codec to test. Default: `compile`. */
  readonly subject?: SubjectOf<A>
  /** An arbitrary for the values under a protocol. Default: `toArbitrary`. */
  readonly values?: (given: Protocol) => fc.Arbitrary<A>
  /** Other readers that must agree. Default: compiled closures, the arcsecond parser and the dissector. */
  readonly others?: ReadonlyArray<OtherReader>
  /** Values per law and protocol. Default: 50. */
  readonly runs?: number
  /** The seed of all random choices. Default: a random one, which failures report. */
  readonly seed?: number
}

/** How each option is checked. */
export const lawOptions: OptionChecks<LawOptions<unknown>> = {
  ...arbitraryOptions,
  versions: words,
  features: list,
  storeDir: word,
  subject: callback,
  values: callback,
  others: list,
  runs: number,
  seed: number,
}

/** The options that decide which values are generated. */
export const valueOptions = <A>(options: LawOptions<A>): ArbitraryOptions =>
  Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(arbitraryOptions, name)))
