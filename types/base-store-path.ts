import type * as t from 'io-ts'
import type { TextPiece } from '../combinators/text-format.js'
import { nix32Alphabet } from './base-encodings.js'
import { brandedFormat } from './branded-format.js'
import { lastName, namePattern } from './store-path-name.js'
import { andThen, characters, end, literal, runTextParser, type TextParser } from './text-parser.js'
import { TextType } from './text-type.js'

const hashLength = 32

const hashPart = characters(
  nix32Alphabet,
  hashLength,
  hashLength,
  'a hash of 32 nix32 symbols (0-9 a-z without e o t u)',
)

const hashPattern: TextPiece = { _tag: 'chars', alphabet: nix32Alphabet, min: hashLength, max: hashLength }

/** A base name up to the end of the text. */
export const lastBaseName: TextParser<string> = andThen(hashPart, (hash) =>
  andThen(literal('-'), () => lastName.map((name) => `${hash}-${name}`)),
)

/** The canonical form of a base name, as data. */
export const baseNamePattern: ReadonlyArray<TextPiece> = [
  hashPattern,
  { _tag: 'literal', text: '-' },
  ...namePattern,
]

export interface StorePathHashBrand {
  readonly StorePathHash: unique symbol
}

/**
 * The hash part of a store path: 32 nix32 symbols, which are 20 bytes.
 *
 * ```ts
 * import { StorePathHash } from 'nix-wire/types'
 *
 * StorePathHash.is('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q') // => true
 * ```
 *
 * Issues: fewer or more symbols, another character (`e`, `o`, `t` and `u` are not nix32 symbols). Source:
 * serialization spec, StorePathHash.
 */
export type StorePathHash = t.Branded<string, StorePathHashBrand>

export const StorePathHash: TextType<StorePathHash> = new TextType(
  brandedFormat<StorePathHash>({
    name: 'StorePathHash',
    summary: 'the hash part of a store path',
    pattern: [hashPattern],
    normalise: (text) =>
      runTextParser(
        andThen(hashPart, (hash) => end('a hash of no more than 32 symbols').map(() => hash)),
        text,
      ),
  }),
)

export interface BaseStorePathBrand {
  readonly BaseStorePath: unique symbol
}

/**
 * A store path without its store directory: hash part, `-`, name part.
 *
 * ```ts
 * import { BaseStorePath } from 'nix-wire/types'
 *
 * BaseStorePath.is('g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo') // => true
 * ```
 *
 * Issues: those of {@link StorePathHash} and of `StorePathName`, a missing `-`.
 * Source: serialization spec, BaseStorePath.
 */
export type BaseStorePath = t.Branded<string, BaseStorePathBrand>

export const BaseStorePath: TextType<BaseStorePath> = new TextType(
  brandedFormat<BaseStorePath>({
    name: 'BaseStorePath',
    summary: 'the base name of a store path',
    pattern: baseNamePattern,
    normalise: (text) => runTextParser(lastBaseName, text),
  }),
)
