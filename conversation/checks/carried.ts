import type { CarriedNode, Pieces } from '../node.js'
import { expectOnly, type Facts, factsOfKey, other, refuseExits, unionOf } from './facts.js'
import { showPlace, spotsIn } from './places.js'
import { expectBytesThere, expectNumber } from './spots.js'

/** @throws TypeError for a content that cannot be carried, or not in this way. */
export const carriedFacts = ({ side, key, way }: CarriedNode, inner: Facts, over: Facts | null): Facts => {
  const what = `what ${key} carries`
  refuseExits(what, inner)
  expectOnly(what, side, inner)
  const itself = factsOfKey(side, key, null, true)
  if (over === null || way._tag === 'frames') {
    return { ...itself, needs: inner.needs, loops: inner.loops }
  }
  expectPieces(key, side, way, over)
  if (over.said.has(key)) {
    throw new TypeError(`the key ${key} occurs twice in a turn`)
  }
  return {
    ...over,
    said: new Map([...over.said, ...itself.said]),
    sure: new Set([...over.sure, key]),
    needs: [...inner.needs, ...over.needs],
    loops: unionOf([inner.loops, over.loops]),
    sides: unionOf([itself.sides, over.sides]),
  }
}

const expectPieces = (
  key: string,
  side: CarriedNode['side'],
  { of, asks }: Pieces,
  { said }: Facts,
): void => {
  const by = `the pieces of ${key}`
  const piece = said.get(of[0])
  if (piece === undefined || !piece.sides.has(side)) {
    throw new TypeError(`${by} are expected at ${showPlace(of)}, which is not in a message of the ${side}`)
  }
  expectBytesThere(`${by}, ${showPlace(of)},`, spotsIn(by, piece, of))
  if (asks !== null) {
    const asked = said.get(asks.key)
    if (asked === undefined || !asked.sides.has(other(side))) {
      throw new TypeError(`${by} are asked for by ${asks.key}, which is not a message of the ${other(side)}`)
    }
    const place = [asks.key, asks.size] as const
    expectNumber(`${by}: the size, ${showPlace(place)},`, spotsIn(by, asked, place))
  }
}
