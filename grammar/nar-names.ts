import { compareTexts } from '../types/byte-order.js'

/** Bytes that each part of a NAR may take at most, since Nix 2.35. */
export const narLimits = { tag: 32, name: 255, target: 4095 } as const

export const entryNameRule = 'an entry name: not empty, not "." or "..", without "/" and NUL'

export const linkTargetRule = 'the target of a symbolic link: not empty, without NUL'

// What is checked before it is written may be of any type.
export const isEntryName = (name: unknown): boolean =>
  typeof name === 'string' &&
  name !== '' &&
  name !== '.' &&
  name !== '..' &&
  !name.includes('/') &&
  !name.includes('\0')

export const isLinkTarget = (target: unknown): boolean =>
  typeof target === 'string' && target !== '' && !target.includes('\0')

const utf8 = new TextEncoder()

/** The bytes of a text in which a lone surrogate U+DC80 to U+DCFF stands for a byte that is not UTF-8. */
const bytesOfEscaped = (text: string): ReadonlyArray<number> =>
  // Characters above U+FFFF stay whole: only lone surrogates come one by one.
  Array.from(text, (character) => {
    const unit = character.charCodeAt(0)
    return character.length === 1 && unit >= 0xdc80 && unit <= 0xdcff
      ? [unit - 0xdc00]
      : [...utf8.encode(character)]
  }).flat()

/** The order of two entry names by their bytes, which is not the order of JavaScript's `<`. */
export const compareEntryNames = (a: string, b: string): number => {
  if (a.isWellFormed() && b.isWellFormed()) {
    return compareTexts(a, b)
  }
  const x = bytesOfEscaped(a)
  const y = bytesOfEscaped(b)
  const at = x.findIndex((byte, i) => byte !== y[i])
  return at === -1 ? x.length - y.length : x[at]! - (y[at] ?? -1)
}
