import { messageOfBytes } from '../../combinators/limits.js'
import type { BoolNode, BytesNode, IntNode } from '../../combinators/node.js'
import * as words from '../../combinators/words.js'
import {
  done,
  has,
  lacks,
  type Reader,
  reader,
  refuse,
  refuseLimit,
  type Settings,
  type State,
} from './state.js'

/** Reads the eight bytes of an integer and passes them to `judge`; the index does not move. */
export const readWord = (state: State, grammar: string, judge: (word: bigint) => State): State =>
  has(state, 8) ? judge(state.dataView.getBigUint64(state.index, true)) : lacks(state, 8, grammar)

const outOfRange = (state: State, grammar: string, max: bigint, word: bigint): State =>
  refuse(state, 'OutOfRange', {
    grammar,
    offset: state.index,
    expected: words.integerUpTo(max),
    actual: String(word),
  })

/** `grammar` is the name in an issue, since an integer may also be the tag of another grammar. */
export const intReader = (node: IntNode, grammar: string, { canonical }: Settings): Reader => {
  const { max, keepBits } = node
  return reader((state) =>
    readWord(state, grammar, (word) => {
      if (word > max) {
        return outOfRange(state, grammar, max, word)
      }
      const kept = keepBits === undefined ? word : BigInt.asUintN(keepBits, word)
      if (canonical && keepBits !== undefined && kept !== word) {
        const expected = words.onlyLowBits(keepBits)
        return refuse(state, 'NotCanonical', { grammar, offset: state.index, expected, actual: String(word) })
      }
      return done(state, node.value === 'number' ? Number(kept) : kept, state.index + 8)
    }),
  )
}

export const boolReader = ({ max }: BoolNode, grammar: string, { canonical }: Settings): Reader =>
  reader((state) =>
    readWord(state, grammar, (word) => {
      if (word > max) {
        return outOfRange(state, grammar, max, word)
      }
      return canonical && word > 1n
        ? refuse(state, 'NotCanonical', {
            grammar,
            offset: state.index,
            expected: words.zeroOrOne,
            actual: String(word),
          })
        : done(state, word !== 0n, state.index + 8)
    }),
  )

const bytesAt = ({ dataView }: State, start: number, length: number): Uint8Array =>
  new Uint8Array(dataView.buffer, dataView.byteOffset + start, length)

/** Reads a length, the content and the padding; `judge` gets a view of the content, not a copy. */
export const readPadded = (
  state: State,
  grammar: string,
  limit: number,
  judge: (content: Uint8Array, start: number, next: number) => State,
): State =>
  readWord(state, grammar, (announced) => {
    if (announced > BigInt(limit)) {
      const place = { grammar, offset: state.index, actual: words.tooLong(announced) }
      return refuseLimit(state, 'string', limit, place)
    }
    const length = Number(announced)
    const paddedLength = Math.ceil(length / 8) * 8
    if (!has(state, 8 + paddedLength)) {
      return lacks(state, 8 + paddedLength, grammar)
    }
    const start = state.index + 8
    const padding = bytesAt(state, start + length, paddedLength - length)
    const wrong = padding.findIndex((byte) => byte !== 0)
    return wrong < 0
      ? judge(bytesAt(state, start, length), start, start + paddedLength)
      : refuse(state, 'NonZeroPadding', {
          grammar,
          offset: start + length + wrong,
          expected: words.zeroByte,
          actual: words.byteInHex(padding[wrong]!),
        })
  })

/** The limit of a node with a limit of its own. */
export const ownLimit = (limit: number | undefined, { limits }: Settings): number =>
  limit === undefined ? limits.string : Math.min(limit, limits.string)

export const bytesReader = (node: BytesNode, grammar: string, settings: Settings): Reader => {
  const { length } = node
  if (length === 'padded') {
    const limit = ownLimit(node.limit, settings)
    return reader((state) =>
      readPadded(state, grammar, limit, (content, _, next) => done(state, Uint8Array.from(content), next)),
    )
  }
  if (length === 'toEnd') {
    return restReader(grammar, ownLimit(node.limit, settings))
  }
  return reader((state) =>
    has(state, length)
      ? done(state, Uint8Array.from(bytesAt(state, state.index, length)), state.index + length)
      : lacks(state, length, grammar),
  )
}

/** All bytes that are left, within the limits. */
const restReader = (grammar: string, limit: number): Reader =>
  reader((state) => {
    const { dataView, index, data } = state
    const end = Math.min(dataView.byteLength, data.most)
    const place = { grammar, offset: index }
    if (end - index > limit) {
      return refuseLimit(state, 'string', limit, { ...place, actual: words.moreThan(limit) })
    }
    if (end < dataView.byteLength) {
      return refuseLimit(state, 'message', data.limit, { ...place, actual: messageOfBytes(data.limit + 1) })
    }
    return done(state, Uint8Array.from(bytesAt(state, index, end - index)), end)
  })
