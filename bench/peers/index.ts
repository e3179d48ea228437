import { arcsecond } from './arcsecond.js'
import { binaryParser } from './binary-parser.js'
import { json, msgpackr, protobufEs, protobufjs } from './own-formats.js'
import type { Peer } from './peer.js'
import { scaleTs } from './scale-ts.js'
import { solana } from './solana.js'
import { subshape } from './subshape.js'
import { typedBinary } from './typed-binary.js'

export const peers: readonly Peer[] = [
  subshape,
  binaryParser,
  scaleTs,
  typedBinary,
  arcsecond,
  solana,
  json,
  msgpackr,
  protobufjs,
  protobufEs,
]
