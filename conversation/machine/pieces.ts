import type { Issue } from '../../combinators/issue.js'
import type { CarriedNode, Pieces, SaysNode } from '../node.js'
import { tellFlowed } from './flowed.js'
import { Inside } from './inside.js'
import { behindBytes } from './piece-place.js'
import { type Exit, type Heard, type PieceTaker, type Run, type Scope, type Voice, valueAt } from './scope.js'
import { type Talk, toldIfBroken } from './talk.js'

/** Reads content in pieces of the messages of another flow. */
export function* hearPieces(node: CarriedNode, way: Pieces, scope: Scope, run: Run): Talk<Exit> {
  const ear = scope.ears[node.side]
  const { feed } = ear
  const { host } = scope
  // A side that requests pieces must know when there are enough.
  const looks = host.looksInside || way.asks !== null
  const meter = host.meter(node.side, node.key, scope.within)
  const inside = new Inside(node, scope, run, ear.offsetOf(feed.offset), meter, looks)
  let isWhole = false
  let missing: Issue | null = null
  const taker: PieceTaker = {
    key: way.of[0],
    way,
    take: (says, heard) => {
      const length = takePiece(inside, way, scope, says, heard)
      if (!isWhole && way.asks !== null && (length === 0 || inside.isOver)) {
        isWhole = true
        if (!host.looksInside) {
          missing = inside.close()
        }
      }
    },
    next: null,
    get isWhole() {
      return isWhole
    },
    around: scope.pieces,
  }
  const position = feed.offset
  const start = ear.offsetOf(position)
  const over = run(way.over, { ...scope, pieces: taker })
  const exit = yield* toldIfBroken(over, (issue) => meter.fail(issue))
  const end = ear.endOf(position, start)
  missing ??= inside.close(exit === null)
  inside.flowed(end)
  // After a failure no more pieces are requested, and without requests the content may be incomplete.
  const isDue = exit === null && (inside.pieces > 0 || way.asks === null)
  if (missing !== null && isDue) {
    inside.tell(inside.pieces > 0 ? missing : { ...missing, offset: end })
  }
  return exit
}

/** The length of the piece; null if there is none. */
const takePiece = (
  inside: Inside,
  { of }: Pieces,
  { host }: Scope,
  says: SaysNode,
  heard: Heard,
): number | null => {
  const bytes = valueAt(heard.value, of)
  if (bytes instanceof Uint8Array) {
    const { ear, start, value } = heard
    const [, ...fields] = of
    const behind = behindBytes(says.grammar.node, fields, value, host.plans.protocol)
    inside.pieces++
    inside.push(bytes, ear, behind === null ? start : ear.feed.offset - behind - bytes.length)
    return bytes.length
  }
  return null
}

/** Sends content in pieces of the messages of another flow. */
export function* speakPieces(
  node: CarriedNode,
  way: Pieces,
  scope: Scope,
  voice: Voice,
  run: Run,
): Talk<Exit> {
  const { side, key } = node
  const { host, within } = scope
  const meter = host.meter(side, key, within)
  const start = voice.position
  let pieces = 0
  let isWhole = false
  const taker: PieceTaker = {
    key: way.of[0],
    way,
    take: () => undefined,
    *next(most) {
      const chunk = most === 0 ? null : yield* voice.chunk(node, scope, most)
      if (chunk === null) {
        isWhole ||= most > 0
        return null
      }
      pieces++
      meter.push(chunk)
      return chunk
    },
    get isWhole() {
      return isWhole
    },
    around: scope.pieces,
  }
  const exit = yield* run(way.over, { ...scope, pieces: taker })
  tellFlowed(node, scope, voice, meter, { start, pieces })
  return exit
}
