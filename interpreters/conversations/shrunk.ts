import type fc from 'fast-check'
import { type Grown, partsOfGrown } from './grown.js'
import type { Edit } from './stand.js'

/** Smaller forms of a session, the largest reductions first. */
export function* shrunk(grown: Grown): Generator<Edit, void> {
  const edits = [...editsOf(grown)]
  yield* edits.filter(({ rounds }) => rounds !== undefined)
  if (edits.some(({ made }) => made !== undefined)) {
    yield { of: null }
  }
  yield* edits.filter(({ rounds }) => rounds === undefined)
}

function* editsOf(grown: Grown): Generator<Edit, void> {
  yield* ownEdits(grown)
  for (const part of partsOfGrown(grown)) {
    yield* editsOf(part)
  }
}

/** The smallest value that comes next; the same if there is none. */
export const smallest = <A>(arbitrary: fc.Arbitrary<A>, made: fc.Value<A>): fc.Value<A> =>
  arbitrary.shrink(made.value_, made.context).getNthOrLast(0) ?? made

function* ownEdits(grown: Grown): Generator<Edit, void> {
  switch (grown._tag) {
    case 'word':
      yield* valuesOf(grown, grown.arbitrary, grown.made)
      return
    case 'blob':
      if (grown.made !== null) {
        yield* valuesOf(grown, grown.made.arbitrary, grown.made.value)
      }
      return
    case 'loop':
      yield* roundsOf(grown)
      return
    case 'carried':
      if (grown.cuts.length > 0) {
        yield { of: grown, cuts: [] }
      }
      return
    case 'unless':
      if (grown.departs !== null) {
        yield { of: grown, departs: false }
      }
      return
    case 'departure':
      yield { of: grown, departs: false }
      return
    case 'parts':
    case 'way':
    case 'silent':
      return
  }
}

// The largest reductions are tried first; after a success, the rest is tried again.
const mostValues = 6

function* valuesOf<A>(of: Grown, arbitrary: fc.Arbitrary<A>, made: fc.Value<A>): Generator<Edit, void> {
  for (const smaller of arbitrary.shrink(made.value_, made.context).take(mostValues)) {
    yield { of, made: smaller as fc.Value<unknown> }
  }
}

/** Without all turns, without half of them, without one. */
function* roundsOf(grown: Extract<Grown, { readonly _tag: 'loop' }>): Generator<Edit, void> {
  const { rounds } = grown
  for (let size = rounds.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < rounds.length; at += size) {
      yield { of: grown, rounds: [...rounds.slice(0, at), ...rounds.slice(at + size)] }
    }
  }
}
