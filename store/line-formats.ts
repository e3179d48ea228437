import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import type { Protocol } from '../combinators/protocol.js'
import { show } from '../combinators/show.js'
import { alphabet, type TextIssue, type TextPiece } from '../combinators/text-format.js'
import { baseNamePattern } from '../types/base-store-path.js'
import { nix32Digests, ofAlgorithm } from '../types/digest-samples.js'
import {
  BaseStorePath,
  baseStorePathOf,
  type Hash,
  hashTo,
  type NARHash,
  parseHash,
  StorePath,
  StrictStorePath,
  storePathIn,
} from '../types/index.js'
import { issueAtIndex } from '../types/text-parser.js'
import type { LineFormat } from './lines.js'

const refuse = (expected: string, actual: unknown): Either<TextIssue, never> =>
  left({ position: 0, expected, actual: show(actual) })

const largest = 2n ** 64n - 1n

const digits: ReadonlyArray<TextPiece> = [
  { _tag: 'oneOf', texts: ['1', '2', '9'] },
  { _tag: 'chars', alphabet: '0123456789', min: 0, max: 18 },
]

/** A decimal number of 64 bits, at least `least`. */
export const decimal = (least: bigint, most: bigint = largest): LineFormat<bigint> => ({
  summary: 'a decimal number',
  parse: (text) => {
    if (text === '' || /\D/.test(text)) {
      return left(issueAtIndex(text, Math.max(0, text.search(/\D/)), 'a decimal number'))
    }
    // Twenty digits are enough for any value; longer texts are not converted.
    const value = text.length > 40 ? most + 1n : BigInt(text)
    return value < least || value > most
      ? left(issueAtIndex(text, 0, `a decimal number from ${least} to ${most}`))
      : right(value)
  },
  print: (value) =>
    typeof value === 'bigint' && value >= least && value <= most
      ? right(`${value}`)
      : refuse(`a number from ${least} to ${most}`, value),
  texts: (make) => make.pattern(most === largest ? digits : digits.slice(0, 1)),
})

/** One or more words on one line. */
export const line = (what: string): LineFormat<string> => {
  const check = (text: string): Either<TextIssue, string> =>
    typeof text !== 'string' || text === '' || text.includes('\n') ? refuse(what, text) : right(text)
  return {
    summary: what,
    parse: (text) => (text === '' ? left(issueAtIndex(text, 0, what)) : right(text)),
    print: check,
    texts: (make) => make.pattern([{ _tag: 'chars', alphabet: alphabet('a-z0-9/._-'), min: 1, max: 40 }]),
  }
}

/** A hash with its algorithm, written in nix32. */
export const prefixedHash: LineFormat<Hash> = {
  summary: 'a hash with its algorithm',
  parse: (text) => parseHash(text),
  print: (hash) => {
    try {
      return right(`${hash.algorithm}:${hashTo('nix32', hash)}`)
    } catch {
      return refuse('a hash', hash)
    }
  },
  texts: (make) =>
    ofAlgorithm(make, (algorithm) => make.joined(`${algorithm}:`, nix32Digests(make, algorithm))),
}

/** The same for a NAR, always sha256. */
export const narHash: LineFormat<NARHash> = {
  summary: 'a sha256 hash',
  parse: (text) => {
    const hash = parseHash(text)
    if (isLeft(hash)) return hash
    return hash.right.algorithm === 'sha256'
      ? right(hash.right.digest as string as NARHash)
      : left(issueAtIndex(text, 0, 'a sha256 hash'))
  },
  print: (digest, protocol) => prefixedHash.print({ algorithm: 'sha256', digest }, protocol),
  texts: (make) => make.joined('sha256:', nix32Digests(make, 'sha256')),
}

/** A store path in its exact form. */
export const wholePath: LineFormat<StorePath> = {
  summary: 'a store path',
  parse: StrictStorePath.format.parse,
  print: StrictStorePath.format.print,
  texts: (make) => make.pattern([{ _tag: 'storeDir' }, { _tag: 'literal', text: '/' }, ...baseNamePattern]),
}

const basePrinted = (path: StorePath, protocol: Protocol): Either<TextIssue, string> =>
  map(() => baseStorePathOf(path) as string)(StorePath.format.print(path, protocol))

/** A store path without its directory. */
export const basePath: LineFormat<StorePath> = {
  summary: 'the base name of a store path',
  parse: (text, protocol) =>
    map((base: BaseStorePath) => storePathIn(protocol.storeDir, base))(
      BaseStorePath.format.parse(text, protocol),
    ),
  print: basePrinted,
  texts: (make) => make.pattern(baseNamePattern),
}

/** Any number of these, with one space between them. */
export const spaced = <A>(item: LineFormat<A>): LineFormat<ReadonlyArray<A>> => ({
  summary: `any number of texts, each ${item.summary}`,
  parse: (text, protocol) => {
    const items: Array<A> = []
    for (let at = 0; text !== '' && at <= text.length; ) {
      const space = text.indexOf(' ', at)
      const end = space < 0 ? text.length : space
      const read = item.parse(text.slice(at, end), protocol)
      if (isLeft(read)) {
        const { position, expected, actual } = read.left
        return left({ position: issueAtIndex(text, at, '').position + position, expected, actual })
      }
      items.push(read.right)
      at = end + 1
    }
    return right(items)
  },
  print: (items, protocol) => {
    const texts: Array<string> = []
    for (const each of items) {
      const printed = item.print(each, protocol)
      if (isLeft(printed)) return printed
      texts.push(printed.right)
    }
    return right(texts.join(' '))
  },
  texts: (make, protocol) => make.many(item.texts(make, protocol), 0, 3, (all) => all.join(' ')),
})
