import type { CarriedNode, Pieces, SaysNode } from '../node.js'
import { Inside } from './inside.js'
import { behindBytes } from './piece-place.js'
import { type Exit, type Heard, type PieceTaker, type Run, type Scope, valueAt } from './scope.js'
import type { Talk } from './talk.js'

/** Hears what is carried in pieces of what is said in another flow. */
export function* hearPieces(node: CarriedNode, way: Pieces, scope: Scope, run: Run): Talk<Exit> {
  const ear = scope.ears[node.side]
  const { feed } = ear
  const inside = new Inside(node, scope, run, ear.offsetOf(feed.offset))
  const taker: PieceTaker = {
    key: way.of[0],
    take: (says, heard) => takePiece(inside, way, scope, says, heard),
    around: scope.pieces,
  }
  const position = feed.offset
  const start = ear.offsetOf(position)
  const exit = yield* run(way.over, { ...scope, pieces: taker })
  const end = ear.endOf(position, start)
  const missing = inside.close()
  inside.flowed(end)
  // Who fails takes no more pieces, and who asks for none has what is in them.
  const isDue = exit === null && (inside.pieces > 0 || way.asks === null)
  if (missing !== null && isDue) {
    inside.tell(missing)
  }
  return exit
}

const takePiece = (inside: Inside, { of }: Pieces, { host }: Scope, says: SaysNode, heard: Heard): void => {
  const bytes = valueAt(heard.value, of)
  if (bytes instanceof Uint8Array) {
    const { ear, start, value } = heard
    const [, ...fields] = of
    const behind = behindBytes(says.grammar.node, fields, value, host.plans.protocol)
    inside.pieces++
    inside.push(bytes, ear, behind === null ? start : ear.feed.offset - behind - bytes.length)
  }
}
