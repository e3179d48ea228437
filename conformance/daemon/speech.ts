import { joined } from '../../bytes/joined.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { versionBits } from '../../combinators/version.js'
import { ClientMagic, FeatureList } from '../../grammar/handshake.js'
import { ProtocolVersion } from '../../grammar/integers.js'
import type { AnyOperation } from '../../grammar/operations/operation.js'
import { streamOf } from '../../grammar/operations/operation.js'
import { operations } from '../../grammar/operations/table.js'
import { encoded, inFrames, numberBytes } from './bytes.js'
import type { Move, Probe } from './case.js'

/** What a client sends in the handshake, and what both sides then agree on. */
export interface Speech {
  readonly version: Protocol['version']
  /** The features that it names, among them some that do not exist. */
  readonly says: ReadonlyArray<string>
  /** The protocol of everything behind the handshake. */
  readonly agreed: Protocol
  /** The integer that it sends as its version, if it is another than that of `version`. */
  readonly versionNumber?: bigint
  readonly magic?: Uint8Array
}

const minorOf = (version: Protocol['version']): number => versionBits(version) & 0xff

/** The moves of a handshake. */
export const handshakeMoves = ({
  version,
  says,
  agreed,
  versionNumber,
  magic,
}: Speech): ReadonlyArray<Move> => {
  const minor = minorOf(agreed.version)
  const word =
    versionNumber === undefined ? encoded(ProtocolVersion, {}, version) : numberBytes(versionNumber)
  const hello: Move = {
    bytes: joined([magic ?? encoded(ClientMagic, {}, { magic: 0x6e697863 }), word]),
    until: 'hello',
  }
  const features: ReadonlyArray<Move> =
    minor >= 38 ? [{ bytes: encoded(FeatureList, agreed, [...says].sort()), until: 'features' }] : []
  const zeros = (minor >= 14 ? 1 : 0) + (minor >= 11 ? 1 : 0)
  return [hello, ...features, { bytes: new Uint8Array(zeros * 8), until: 'ready' }]
}

/** The upload behind a request. */
export interface Upload {
  readonly content: Uint8Array
  /** The size of frames, if there are any. Default: one frame for all. */
  readonly frame?: number
}

/** The bytes of an operation number and its request. */
export const requestBytes = (operation: AnyOperation, agreed: Protocol, request: unknown): Uint8Array =>
  joined([numberBytes(operation.id), encoded(operation.request as Grammar<unknown>, agreed, request)])

/** An operation, from its number to the end of its upload. */
export const asked = (operation: AnyOperation, agreed: Protocol, request: unknown, upload?: Upload): Move => {
  const bytes = requestBytes(operation, agreed, request)
  if (upload === undefined) {
    return { bytes, until: 'turn' }
  }
  switch (streamOf(operation, agreed)?.way) {
    case 'framed':
      return { bytes: joined([bytes, inFrames(upload.content, upload.frame)]), until: 'turn' }
    case 'pulled':
      return { bytes, until: 'turn', answers: upload.content }
    default:
      return { bytes: joined([bytes, upload.content]), until: 'turn' }
  }
}

/** Several moves in one write. It waits for what the last of them waits for. */
export const atOnce = (moves: ReadonlyArray<Move>): Move => ({
  bytes: joined(moves.map(({ bytes }) => bytes)),
  twin: joined(moves.map(({ bytes, twin }) => twin ?? bytes)),
  until: moves.at(-1)?.until ?? 'nothing',
})

/** A question with the same known answer in every version. */
export interface Question extends Probe {
  readonly move: (agreed: Protocol) => Move
}

/** Whether a path is valid. */
export const validity = (path: string, reply: boolean): Question => ({
  reply,
  move: (agreed) => asked(operations.IsValidPath, agreed, { path }),
})
