import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { ValidPathInfo } from '../../dist/grammar/index.js'
import { bool64, compile, type Issue, listOf, struct, u64, utf8 } from '../../dist/index.js'
import { Random } from './random.js'

/** W1: 10,000 path infos at 1.37, about 8 MB and 100,000 strings, as 100 messages of 100. */

export interface PlainPathInfo {
  readonly path: string
  readonly info: {
    readonly deriver: string
    readonly narHash: string
    readonly references: readonly string[]
    readonly registrationTime: bigint
    readonly narSize: bigint
    readonly ultimate: boolean
    readonly signatures: readonly string[]
    readonly ca: string
  }
}

export interface TextAddress {
  readonly _tag: 'Text'
  readonly algorithm: 'sha256'
  readonly digest: string
}

/** The value of nix-wire's own grammar: optional fields are Options. */
export interface CheckedPathInfo {
  readonly path: string
  readonly info: Omit<PlainPathInfo['info'], 'deriver' | 'ca'> & {
    readonly deriver: Option<string>
    readonly ca: Option<TextAddress>
  }
}

/** The grammar of `PlainPathInfo`: the same bytes without validation of texts, as peers can express it. */
const PlainInfo = struct('PlainInfo', {
  path: utf8,
  info: struct('PlainUnkeyedInfo', {
    deriver: utf8,
    narHash: utf8,
    references: listOf(utf8),
    registrationTime: u64,
    narSize: u64,
    ultimate: bool64,
    signatures: listOf(utf8),
    ca: utf8,
  }),
})

export const protocol = { version: '1.37' } as const
export const Checked = listOf(ValidPathInfo)
export const Plain = listOf(PlainInfo)

const base32 = '0123456789abcdfghijklmnpqrsvwxyz'
const base16 = '0123456789abcdef'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const letters = 'abcdefghijklmnopqrstuvwxyz'
const nameCharacters = `${letters}-.0123456789`

const storePath = (random: Random, suffix = ''): string => {
  const name = random.text(letters, 1) + random.text(nameCharacters, random.between(6, 34))
  return `/nix/store/${random.text(base32, 32)}-${name}${suffix}`
}

const references = (random: Random): string[] => {
  // At most twelve, five on average, as in a store of packages.
  const count = random.chance(0.35) ? random.between(0, 3) : random.between(2, 12)
  return Array.from({ length: count }, () => storePath(random)).sort()
}

const pathInfo = (random: Random): PlainPathInfo => ({
  path: storePath(random),
  info: {
    deriver: random.chance(0.9) ? storePath(random, '.drv') : '',
    narHash: random.text(base16, 64),
    references: references(random),
    registrationTime: BigInt(random.between(1_500_000_000, 1_760_000_000)),
    narSize: BigInt(random.between(200, 300_000_000)),
    ultimate: random.chance(0.1),
    signatures: [`cache.nixos.org-1:${random.text(base64, 85)}A==`],
    ca: random.chance(0.05) ? `text:sha256:0${random.text(base32, 51)}` : '',
  },
})

const option = (text: string): Option<string> => (text === '' ? none : some(text))

const address = (text: string): Option<TextAddress> =>
  text === '' ? none : some({ _tag: 'Text', algorithm: 'sha256', digest: text.slice('text:sha256:'.length) })

export const checked = (value: PlainPathInfo): CheckedPathInfo => ({
  path: value.path,
  info: { ...value.info, deriver: option(value.info.deriver), ca: address(value.info.ca) },
})

export const right = <A>(result: Either<Issue, A>): A => {
  if (isLeft(result)) {
    throw new Error(JSON.stringify(result.left, (_, x) => (typeof x === 'bigint' ? `${x}` : x)))
  }
  return result.right
}

export interface W1 {
  readonly records: readonly PlainPathInfo[]
  readonly plain: readonly (readonly PlainPathInfo[])[]
  readonly checked: readonly (readonly CheckedPathInfo[])[]
  readonly messages: readonly Uint8Array[]
  /** The same records as one list. */
  readonly whole: Uint8Array
  readonly bytes: number
}

export const w1 = (count = 10_000): W1 => {
  const random = new Random(1)
  const records = Array.from({ length: count }, () => pathInfo(random))
  const codec = compile(Plain, protocol)
  const plain = Array.from({ length: Math.ceil(count / 100) }, (_, i) =>
    records.slice(i * 100, i * 100 + 100),
  )
  const messages = plain.map((message) => right(codec.encode(message)))
  return {
    records,
    plain,
    checked: plain.map((message) => message.map(checked)),
    messages,
    whole: right(codec.encode(records)),
    bytes: messages.reduce((sum, message) => sum + message.length, 0),
  }
}
