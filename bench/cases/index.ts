import type { Benchmark } from '../measure.js'
import { w2Decode, w2Encode, w4Decode, w4Encode, w5Decode, w5Encode } from './others.js'
import { chunksOfList, chunksOfLists, chunksOfRecord, chunksOfStruct, narSmall } from './streams.js'
import { w1Decode, w1DecodeKeep, w1Encode, w1PlainDecode, w1PlainEncode } from './w1.js'

/** All benchmarks of one process; each makes its data on demand. */
export const cases: { readonly [id: string]: () => Benchmark } = {
  'w1-decode': w1Decode,
  'w1-decode-keep': w1DecodeKeep,
  'w1-encode': w1Encode,
  'w1-plain-decode': w1PlainDecode,
  'w1-plain-encode': w1PlainEncode,
  'w2-decode': w2Decode,
  'w2-encode': w2Encode,
  'w3-nar-small': narSmall,
  'w4-decode': w4Decode,
  'w4-encode': w4Encode,
  'w5-decode': w5Decode,
  'w5-encode': w5Encode,
  'w1-chunks': chunksOfList,
  'chunks-struct': chunksOfStruct,
  'chunks-lists': chunksOfLists,
  'chunks-record': chunksOfRecord,
}
