import fc from 'fast-check'
import { encodeBase64 } from '../../bytes/base64.js'
import { before, holds } from '../../combinators/gate.js'
import type { Protocol } from '../../combinators/protocol.js'
import { alphabet, type TextPiece } from '../../combinators/text-format.js'
import { charactersIn, patternTexts } from './patterns.js'

/**
 * The canonical texts of the formats that are no simple pattern, by the name of the format. The values are what the
 * format's own `parse` makes of them.
 */
export type TextsOf = (given: Protocol) => fc.Arbitrary<string>

const joined = (...parts: ReadonlyArray<fc.Arbitrary<string> | string>): fc.Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''))

interface Algorithm {
  readonly name: string
  readonly bytes: number
}

const algorithms: ReadonlyArray<Algorithm> = [
  { name: 'md5', bytes: 16 },
  { name: 'sha1', bytes: 20 },
  { name: 'sha256', bytes: 32 },
  { name: 'sha512', bytes: 64 },
  { name: 'blake3', bytes: 32 },
]

const ofAlgorithm = (texts: (algorithm: Algorithm) => fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(...algorithms.map(texts))

const algorithmNames = fc.constantFrom(...algorithms.map(({ name }) => name))

const base16Digest = ({ bytes }: Algorithm): fc.Arbitrary<string> =>
  charactersIn(alphabet('0-9a-f'), 2 * bytes, 2 * bytes)

const nix32Alphabet = '0123456789abcdfghijklmnpqrsvwxyz'

/** The first symbol holds the bits that are left over, which are fewer than five. */
const nix32Digest = ({ bytes }: Algorithm): fc.Arbitrary<string> => {
  const symbols = Math.ceil((bytes * 8) / 5)
  const bitsInFirst = bytes * 8 - (symbols - 1) * 5
  return joined(
    charactersIn(nix32Alphabet.slice(0, 2 ** bitsInFirst), 1, 1),
    charactersIn(nix32Alphabet, symbols - 1, symbols - 1),
  )
}

const base64Digest = ({ bytes }: Algorithm): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(encodeBase64)

const anyDigest = ofAlgorithm((algorithm) =>
  fc.oneof(base16Digest(algorithm), nix32Digest(algorithm), base64Digest(algorithm)),
)

const notDots: TextPiece = { _tag: 'unless', whole: ['.', '..'], starts: ['.-', '..-'] }

const namePattern: ReadonlyArray<TextPiece> = [
  notDots,
  { _tag: 'chars', alphabet: alphabet('a-z0-9A-Z+._?=-'), min: 1, max: 211 },
]

const baseNamePattern = (suffix: string): ReadonlyArray<TextPiece> => [
  { _tag: 'chars', alphabet: nix32Alphabet, min: 32, max: 32 },
  { _tag: 'literal', text: '-' },
  notDots,
  { _tag: 'chars', alphabet: alphabet('a-z0-9A-Z+._?=-'), min: 2, max: 211 - suffix.length },
  { _tag: 'literal', text: suffix },
]

const names: TextsOf = (given) => patternTexts(namePattern, given)

const baseNames: TextsOf = (given) =>
  patternTexts([...baseNamePattern('').slice(0, 2), ...namePattern], given)

const storePaths = (given: Protocol, suffix: string): fc.Arbitrary<string> =>
  joined(`${given.storeDir}/`, patternTexts(baseNamePattern(suffix), given))

/** ASCII, where the order of UTF-16 units is that of bytes. */
const outputNames: TextsOf = (given) =>
  fc.uniqueArray(names(given), { minLength: 1, maxLength: 4 }).map((each) => [...each].sort().join(','))

const derivedPaths: TextsOf = (given) => {
  const path = fc.oneof(storePaths(given, '-'), storePaths(given, '.drv'))
  const outputs = outputNames(given)
  if (holds(before('1.30'), given)) {
    return fc.oneof(path, joined(path, '!', outputs))
  }
  const nested = fc
    .array(names(given), { maxLength: 3 })
    .map((each) => each.map((name) => `!${name}`).join(''))
  const deepest = names(given).map((name) => `!${name}`.repeat(63))
  const inner = fc.oneof({ weight: 12, arbitrary: nested }, { weight: 1, arbitrary: deepest })
  return fc.oneof(path, joined(path, inner, '!', fc.oneof(fc.constant('*'), outputs)))
}

const methods = (...prefixes: ReadonlyArray<string>): fc.Arbitrary<string> => fc.constantFrom(...prefixes)
const contentMethods = methods('fixed:', 'fixed:r:', 'fixed:git:', 'text:')
const outputMethods = joined(methods('', 'r:', 'git:', 'text:'), algorithmNames)

const drvOutputs: TextsOf = (given) =>
  joined(
    ofAlgorithm((algorithm) => joined(`${algorithm.name}:`, base16Digest(algorithm))),
    '!',
    names(given),
  )

const signatures: TextsOf = (given) =>
  patternTexts(
    [
      { _tag: 'chars', alphabet: alphabet('a-zA-Z0-9._-'), min: 1, max: 64 },
      { _tag: 'literal', text: ':' },
      { _tag: 'base64' },
    ],
    given,
  )

/** JSON that is canonical, or that is kept as it came: with white space, or without the members that may be absent. */
const realisations: TextsOf = (given) => {
  const members = fc.tuple(
    fc.uniqueArray(fc.tuple(drvOutputs(given), baseNames(given)), {
      maxLength: 2,
      selector: ([output]) => output,
    }),
    drvOutputs(given),
    baseNames(given),
    fc.array(signatures(given), { maxLength: 2 }),
  )
  const texts = members.map(([dependencies, id, outPath, signed]) => {
    const entries = dependencies
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map((entry) => entry.map((text) => JSON.stringify(text)).join(':'))
    return (
      `{"dependentRealisations":{${entries.join(',')}},"id":${JSON.stringify(id)},` +
      `"outPath":${JSON.stringify(outPath)},"signatures":${JSON.stringify(signed)}}`
    )
  })
  const short = fc
    .record({ outPath: baseNames(given), id: drvOutputs(given) }, { noNullPrototype: true })
    .map((each) => JSON.stringify(each))
  return fc.oneof(
    { weight: 4, arbitrary: texts },
    { weight: 1, arbitrary: texts.map((text) => ` ${text}\n`) },
    { weight: 1, arbitrary: short },
  )
}

const withoutNul = charactersIn(alphabet('a-z0-9A-Z/._ \u00e9\u20ac-'), 0, 40)

export const textFormats: { readonly [format: string]: TextsOf } = {
  Base16Digest: () => ofAlgorithm(base16Digest),
  ContentAddress: () =>
    ofAlgorithm((algorithm) => joined(contentMethods, `${algorithm.name}:`, nix32Digest(algorithm))),
  ContentAddressMethodWithAlgo: () => joined(contentMethods, algorithmNames),
  DerivationOutputHash: () =>
    fc.oneof({ weight: 1, arbitrary: fc.constant('impure') }, { weight: 3, arbitrary: anyDigest }),
  DerivationOutputMethod: () => outputMethods,
  DerivedPath: derivedPaths,
  DrvOutputByHash: drvOutputs,
  HashDigest: () => anyDigest,
  Nix32Digest: () => ofAlgorithm(nix32Digest),
  Path: () => joined('/', withoutNul),
  RealisationByHash: realisations,
}

/** Texts that stand side by side and depend on one another, by the names of their formats. */
export const textRecords: {
  readonly [formats: string]: (given: Protocol) => fc.Arbitrary<ReadonlyArray<string>>
} = {
  'StrictStorePath DerivationOutputMethod DerivationOutputHash': (given) => {
    const path = storePaths(given, '')
    const none = fc.constant('')
    const fixed = algorithms.map((algorithm) =>
      fc.tuple(
        path,
        methods('', 'r:', 'git:', 'text:').map((method) => method + algorithm.name),
        base16Digest(algorithm),
      ),
    )
    return fc.oneof(
      fc.tuple(path, none, none),
      fc.oneof(...fixed),
      fc.tuple(none, outputMethods, none),
      fc.tuple(none, none, none),
      fc.tuple(none, outputMethods, fc.constant('impure')),
    )
  },
}
