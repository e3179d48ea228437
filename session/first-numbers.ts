import { numberAt } from '../bytes/number-at.js'
import type { Side } from './events.js'
import { messageTags } from './fitting.js'

/** The magics of both sides of a connection to a daemon. */
export const magics: { readonly [S in Side]: bigint } = { client: 0x6e697863n, server: 0x6478696fn }

/** The first bytes of other protocols and files. */
const others: ReadonlyMap<bigint, string> = new Map([
  [
    0x390c9debn,
    'This is how a client of the serve protocol begins (`nix-store --serve`, ssh://), which is another protocol.',
  ],
  [
    0x5452eecbn,
    'This is how the serve protocol answers (`nix-store --serve`, ssh://), which is another protocol.',
  ],
  [13n, 'This is how an archive (NAR) begins.'],
  [0x324f4952414en, 'This is how an export stream of version 2 begins (NARIO2).'],
])

/** A guess what a stream is that does not begin with the magic of its side. */
export const firstNumberGuess = (side: Side, bytes: Uint8Array): string => {
  const ours = magics[side]
  const theirs = magics[side === 'client' ? 'server' : 'client']
  const first = numberAt(bytes) ?? 0n
  if (first === theirs) {
    return side === 'client'
      ? 'The stream of the client begins like that of a daemon: the two are swapped, or one was given twice.'
      : 'The stream of the daemon begins like that of a client: the two are swapped, or one was given twice.'
  }
  const known = others.get(first)
  if (known !== undefined) {
    return known
  }
  const at = offsetOf(ours, bytes)
  if (at !== null) {
    return `The magic is at byte ${at}: something else was written before it.`
  }
  return side === 'server' && messageTags.has(first)
    ? `This is a log message (${messageTags.get(first)}): the recording lacks its beginning.`
    : `A ${side === 'client' ? 'client' : 'daemon'} begins with ${side === 'client' ? '0x6e697863 ("cxin")' : '0x6478696f ("oixd")'}: this is something else, or the recording lacks its beginning.`
}

const offsetOf = (magic: bigint, bytes: Uint8Array): number | null => {
  for (let at = 1; at + 8 <= bytes.length; at++) {
    if (numberAt(bytes, at) === magic) {
      return at
    }
  }
  return null
}

/** A guess at a version that is rejected; `bytes` begin with it. */
export const versionGuess = (bytes: Uint8Array): string => {
  const bits = Number(BigInt.asUintN(16, numberAt(bytes) ?? 0n))
  const [major, minor] = [bits >> 8, bits & 0xff]
  if (bits === 0x164) {
    return 'GNU Guix announces 1.100 and exchanges no features: the bytes that follow cannot be distinguished from a list of features. Clients of 1.15 and below can talk to it.'
  }
  if (minor === 1 && major >= 10 && major <= 38) {
    return `The bytes of the version are in the wrong order: 1.${major} was meant.`
  }
  return major === 2
    ? 'Versions 2.x are those of the serve protocol (`nix-store --serve`, ssh://).'
    : 'No release since Nix 1.0 announces such a version.'
}
