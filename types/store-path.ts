import { many } from 'arcsecond'
import { left } from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { TextPiece } from '../combinators/text-format.js'
import { baseNamePattern, lastBaseName } from './base-store-path.js'
import { brandedFormat } from './branded-format.js'
import { nixDir } from './nix-protocol.js'
import { maxNameLength, nameAlphabet } from './store-path-name.js'
import {
  andThen,
  failAt,
  here,
  issueAtIndex,
  literal,
  runTextParser,
  settle,
  type TextParser,
  upTo,
} from './text-parser.js'
import { TextType } from './text-type.js'

export interface StorePathBrand {
  readonly StorePath: unique symbol
}

/**
 * A full store path: the store directory, `/`, the base name.
 *
 * The path is first cleaned up lexically: doubled slashes, `.`, `..` and a slash at the end are accepted and removed.
 * The result must be absolute and directly in the store directory.
 *
 * ```ts
 * import { StorePath } from 'nix-wire/types'
 *
 * StorePath.make('/nix//store/./g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo/')
 * // => { _tag: 'Right', right: '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo' }
 * ```
 *
 * Issues: a relative path, another directory, those of `BaseStorePath`, more than 4096 characters after the store
 * directory. Versions: up to Nix 2.3 paths were checked but not cleaned up; for the rule about dots see
 * `StorePathName`. Source: serialization spec, StorePath; path rules of Nix 2.21 and later.
 */
export type StorePath = t.Branded<string, StorePathBrand>

/**
 * The most characters, besides the store directory, of a path that is normalised: the limit of paths on common systems.
 */
const maxPathLength = 4096

interface Segment {
  readonly text: string
  readonly at: number
}

/** A `/` and the characters up to the next one. */
const segment: TextParser<Segment> = andThen(literal('/'), () =>
  andThen(here, (at) => upTo('/').map((text) => ({ text, at }))),
)

/** The segments that are left after an absolute path is normalised. */
const cleanPath: TextParser<ReadonlyArray<Segment>> = andThen(
  segment.errorMap(() => 'an absolute path'),
  (first) =>
    many(segment).map((others) => {
      const kept: Segment[] = []
      for (const each of [first, ...others]) {
        if (each.text === '..') kept.pop()
        else if (each.text !== '' && each.text !== '.') kept.push(each)
      }
      return kept
    }),
)

const cleanStorePathIn = (storeDir: string): TextParser<string> => {
  const directory = storeDir.slice(1).split('/')
  return andThen(cleanPath, (segments) =>
    andThen(here, (end) => {
      const wrong = directory.findIndex((name, index) => segments[index]?.text !== name)
      if (wrong >= 0) return failAt(segments[wrong]?.at ?? end, `a path in ${storeDir}`)
      const [base, below] = segments.slice(directory.length)
      if (base === undefined) return failAt(end, `a path below ${storeDir}`)
      if (below !== undefined) return failAt(below.at, 'nothing below the store path')
      return settle(base.at, runTextParser(lastBaseName, base.text)).map((name) => `${storeDir}/${name}`)
    }),
  )
}

const pattern: ReadonlyArray<TextPiece> = [
  { _tag: 'storeDir' },
  { _tag: 'literal', text: '/' },
  ...baseNamePattern,
]

/** The form of a store path whose name has this ending after at least two characters. */
export const storePathEndingIn = (suffix: string): ReadonlyArray<TextPiece> => [
  ...pattern.slice(0, -1),
  { _tag: 'chars', alphabet: nameAlphabet, min: 2, max: maxNameLength - suffix.length },
  { _tag: 'literal', text: suffix },
]

export const StorePath: TextType<StorePath> = new TextType(
  brandedFormat<StorePath>({
    name: 'StorePath',
    summary: 'a store path',
    defaults: nixDir,
    pattern,
    normalise: (text, { storeDir }) => {
      const limit = storeDir.length + maxPathLength
      return text.length > limit
        ? left(issueAtIndex(text, limit, `a path of at most ${limit} characters`))
        : runTextParser(cleanStorePathIn(storeDir), text)
    },
  }),
)

const strictStorePathIn = (storeDir: string): TextParser<string> =>
  andThen(literal(`${storeDir}/`), (prefix) => lastBaseName.map((name) => prefix + name))

/**
 * A {@link StorePath} that is not cleaned up: it must be exactly the store directory, `/` and the base name.
 * Derivation outputs use it.
 *
 * ```ts
 * import { StorePath, StrictStorePath } from 'nix-wire/types'
 *
 * const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo/'
 * StorePath.make(path)._tag // => 'Right'
 * StrictStorePath.make(path)._tag // => 'Left'
 * ```
 *
 * Source: the reference implementation; the specification has no name for it.
 */
export const StrictStorePath: TextType<StorePath> = new TextType(
  brandedFormat<StorePath>({
    name: 'StrictStorePath',
    summary: 'a store path in its exact form',
    defaults: nixDir,
    pattern,
    normalise: (text, { storeDir }) => runTextParser(strictStorePathIn(storeDir), text),
  }),
)
