import { none, type Option, some } from 'fp-ts/lib/Option.js'
import { fromCompare, type Ord } from 'fp-ts/lib/Ord.js'
import { expectText } from './expect.js'
import { show } from './show.js'

/**
 * A version of the protocol as people write it: major and minor, each 0 to 255.
 *
 * Versions are ordered by number, not as texts: `1.9` is below `1.10`.
 */
export type ProtocolVersion = `${number}.${number}`

const form = /^(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})$/

/**
 * The 16 bits of a version as they lie on the wire: `major << 8 | minor`.
 *
 * ```ts
 * import { versionBits } from 'nix-wire'
 *
 * versionBits('1.2') // => 258
 * ```
 *
 * @throws RangeError if the text is not a version; use {@link parseVersion} for untrusted text.
 */
export const versionBits = (version: ProtocolVersion): number => {
  expectText('a protocol version', version)
  const parsed = parseVersion(version)
  if (parsed._tag === 'None') {
    throw new RangeError(`not a protocol version: ${show(version)} (expected for example 1.2)`)
  }
  const dot = version.indexOf('.')
  return Number(version.slice(0, dot)) * 256 + Number(version.slice(dot + 1))
}

/**
 * The version that 16 bits stand for.
 *
 * ```ts
 * import { versionFromBits } from 'nix-wire'
 *
 * versionFromBits(258) // => '1.2'
 * ```
 *
 * Bits above the 16th do not count.
 *
 * @throws TypeError for anything but an integer, as a `number`.
 */
export const versionFromBits = (bits: number): ProtocolVersion => {
  if (!Number.isInteger(bits)) {
    throw new TypeError(`the bits of a version must be an integer, as a number, not ${show(bits)}`)
  }
  return `${(bits >> 8) & 0xff}.${bits & 0xff}`
}

/** The first number of a version. */
export const majorOf = (version: ProtocolVersion): number => versionBits(version) >> 8

/** Parses a version such as `1.2`; none for any other text, such as `1.02`, `1.256` or `2`. */
export const parseVersion = (text: string): Option<ProtocolVersion> => {
  expectText('a protocol version', text)
  const parts = form.exec(text)
  return parts !== null && Number(parts[1]) < 256 && Number(parts[2]) < 256
    ? some(text as ProtocolVersion)
    : none
}

/** Orders versions by number. */
export const ordVersion: Ord<ProtocolVersion> = fromCompare((a, b) => {
  const difference = versionBits(a) - versionBits(b)
  return difference < 0 ? -1 : difference > 0 ? 1 : 0
})
