import type * as t from 'io-ts'
import { alphabet } from '../combinators/text-format.js'
import { brandedFormat } from './branded-format.js'
import { andThen, end, literal, runTextParser, type TextParser, upTo } from './text-parser.js'
import { TextType } from './text-type.js'

export interface PathBrand {
  readonly Path: unique symbol
}

/**
 * An absolute path, in the store or elsewhere. Kept as it is: nothing is cleaned up.
 *
 * ```ts
 * import { Path } from 'nix-wire/types'
 *
 * Path.is('/home/me/../result') // => true
 * Path.is('result') // => false
 * ```
 *
 * Issues: a first character other than `/`, a NUL.
 * Source: serialization spec, Path.
 */
export type Path = t.Branded<string, PathBrand>

const absolutePath: TextParser<string> = andThen(
  literal('/').errorMap(() => 'an absolute path'),
  (slash) => andThen(upTo('\0'), (others) => end('a path without NUL').map(() => slash + others)),
)

const someCharacters = alphabet('a-z0-9A-Z/._ \u00e9\u20ac-')

export const Path: TextType<Path> = new TextType(
  brandedFormat<Path>({
    name: 'Path',
    summary: 'an absolute path',
    texts: (make) =>
      make.pattern([
        { _tag: 'literal', text: '/' },
        { _tag: 'chars', alphabet: someCharacters, min: 0, max: 40 },
      ]),
    syntax: [{ rules: ['Path = "/" { <a character other than NUL> }'] }],
    normalise: (text) => runTextParser(absolutePath, text),
  }),
)
