import type { IntNode } from './node.js'

/** The greatest value of an integer, which may be exceeded on the wire if only its low bits count. */
export const greatestOf = ({ max, keepBits }: IntNode): bigint =>
  keepBits === undefined ? max : 2n ** BigInt(keepBits) - 1n
