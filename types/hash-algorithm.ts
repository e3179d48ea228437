import { quoted } from '../combinators/show.js'
import { brandedFormat } from './branded-format.js'
import { andThen, end, keyword, runTextParser, type TextParser } from './text-parser.js'
import { TextType } from './text-type.js'

/**
 * The name of a hash algorithm: `md5`, `sha1`, `sha256`, `sha512` or `blake3`.
 *
 * ```ts
 * import { HashAlgorithm } from 'nix-wire/types'
 *
 * HashAlgorithm.is('sha256') // => true
 * HashAlgorithm.is('sha-256') // => false
 * ```
 *
 * Issues: any other text, upper case included. Source: serialization spec, HashAlgorithm; `blake3` (experimental, Nix
 * 2.27+) is from the reference implementation.
 */
export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512' | 'blake3'

/** The number of bytes of a digest, by algorithm. */
export const digestSize: { readonly [Algorithm in HashAlgorithm]: number } = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
  blake3: 32,
}

/** All hash algorithms. */
export const hashAlgorithms: ReadonlyArray<HashAlgorithm> = ['md5', 'sha1', 'sha256', 'sha512', 'blake3']

/** An algorithm's name directly followed by something. */
export const algorithmBefore = (suffix: string): TextParser<HashAlgorithm> =>
  keyword(
    hashAlgorithms.map((name) => [`${name}${suffix}`, name] as const),
    `md5, sha1, sha256, sha512 or blake3${suffix === '' ? '' : ` and ${quoted(suffix)}`}`,
  )

/** An algorithm's name up to the end of the text. */
export const lastAlgorithm: TextParser<HashAlgorithm> = andThen(algorithmBefore(''), (algorithm) =>
  end().map(() => algorithm),
)

export const HashAlgorithm: TextType<HashAlgorithm> = new TextType(
  brandedFormat({
    name: 'HashAlgorithm',
    summary: 'a hash algorithm',
    pattern: [{ _tag: 'oneOf', texts: hashAlgorithms }],
    normalise: (text) => runTextParser(lastAlgorithm, text),
  }),
)
