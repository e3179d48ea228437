import type { Malformed } from '../interpreters/malformed/index.js'
import type { Shown } from '../interpreters/malformed/instance-leaves.js'

/** The classes of mistakes that vectors reveal, each with a description. */
export const vectorFlags = {
  'byte-order': 'a number whose bytes all differ: a wrong byte order reads another number',
  'above-32-bits': 'a number that 32 bits cannot hold',
  'above-53-bits': 'a number that a double rounds',
  'above-63-bits': 'a number that is negative if it is read as signed',
  'no-padding': 'a length that is a multiple of 8, so that there is no padding',
  nul: 'a zero among the bytes of a text',
  'byte-order-mark': 'a text that begins with U+FEFF',
  'not-utf-8': 'bytes that are not UTF-8',
  'beyond-ascii': 'characters beyond ASCII',
  absent: 'an absent value',
  empty: 'an empty text or collection',
  'order-kept': 'items whose order must be kept',
  truncated: 'the message ends too early',
  'trailing-bytes': 'something follows the message',
  padding: 'padding that is not zero',
  'padding-overflow': 'a length that overflows 64 bits when it is padded',
  'truncation-to-32-bits': 'a number that becomes another one in 32 bits',
  sign: 'a length that is negative if it is read as signed',
  limit: 'more than the limit allows, or than there is',
  range: 'a number out of range',
  bool: 'a bool that is neither 0 nor 1',
  'unknown-tag': 'an unknown tag or mark',
  text: 'a text that breaks its form',
  normalisation: 'a form of a value that no encoder writes',
  value: 'an invalid value in a valid form',
  constant: 'another value in place of a constant',
  'out-of-order': 'items that are not in ascending order',
  'duplicate-key': 'a duplicate item or key',
  frames: 'frames that are cut or end wrongly',
  recursion: 'more levels than the limit allows',
} as const

/** A class of mistakes. */
export type VectorFlag = keyof typeof vectorFlags

/** What a decoder can misread in a valid value. */
export const flagsOfShown = (shows: ReadonlyArray<Shown>): ReadonlyArray<VectorFlag> => shows

const ofNumbers = (rule: string, other: VectorFlag): VectorFlag =>
  /2\^32/.test(rule) ? 'truncation-to-32-bits' : other

/** The mistakes that accept a message with a broken rule. */
export const flagsOfRule = ({ rule, kind, profile, issue }: Malformed): ReadonlyArray<VectorFlag> => {
  const isOdd = profile === 'canonical'
  switch (kind) {
    case 'end':
      return ['truncated']
    case 'behind':
      return ['trailing-bytes']
    case 'padding':
      return ['padding']
    case 'length':
      return /2\^64/.test(rule)
        ? ['padding-overflow']
        : /2\^63/.test(rule)
          ? ['sign']
          : [ofNumbers(rule, 'limit')]
    case 'count':
      return [ofNumbers(rule, 'limit')]
    case 'integer':
      return [ofNumbers(rule, /0 or 1/.test(rule) ? 'bool' : isOdd ? 'normalisation' : 'range')]
    case 'tag':
      return [ofNumbers(rule, 'unknown-tag')]
    case 'utf8':
      return ['not-utf-8']
    case 'text':
    case 'letter':
      return [isOdd ? 'normalisation' : 'text']
    case 'value':
      return [isOdd ? 'normalisation' : 'value']
    case 'constant':
      return ['constant']
    case 'order':
      return [issue.tag === 'DuplicateKey' ? 'duplicate-key' : 'out-of-order']
    case 'frames':
      return ['frames']
    case 'depth':
      return ['recursion']
  }
}
