import type { Profile } from '../../combinators/limits.js'
import type { Written } from './layout.js'
import type { Message } from './message.js'
import { below, byWeight, type Random } from './random.js'
import { type RuleGroup, type RuleKind, shares } from './rule.js'

/** A part of a message and the rules of one kind that hold there. */
export interface Occasion {
  readonly part: Written
  readonly group: RuleGroup
}

/** The rules that can be broken in a message, by kind. */
export interface Ways {
  readonly message: Message
  readonly occasions: ReadonlyArray<Occasion>
}

type OfKind = readonly [kind: RuleKind, occasions: ReadonlyArray<Occasion>]

/** The places of a message by kind of rule; with a profile only the rules of that one. */
export const byKind = ({ occasions }: Ways, profile?: Profile): ReadonlyArray<OfKind> => {
  const kinds = new Map<RuleKind, Array<Occasion>>()
  for (const occasion of occasions) {
    const { kind } = occasion.group
    if (profile === undefined || occasion.group.profile === profile) {
      const known = kinds.get(kind)
      if (known === undefined) {
        kinds.set(kind, [occasion])
      } else {
        known.push(occasion)
      }
    }
  }
  return [...kinds]
}

/** The number of malformed messages for each acceptable one. */
const refused = 4

export const profilesInTurn = (random: Random): ReadonlyArray<Profile> =>
  below(refused + 1, random) === 0 ? ['canonical', 'compatible'] : ['compatible', 'canonical']

/** The kinds in random order; those with a large share tend to come first. */
export const inTurn = (kinds: ReadonlyArray<OfKind>, random: Random): ReadonlyArray<OfKind> =>
  byWeight(kinds, ([kind]) => shares[kind], random)

/**
 * The occasions in random order, place by place of the grammar, so that a long list does not dominate. Those outside
 * fixed fields usually come first: an issue in a fixed field is always also a wrong constant.
 */
export function* byPlace(
  kind: RuleKind,
  occasions: ReadonlyArray<Occasion>,
  random: Random,
): Generator<Occasion> {
  const free = occasions.filter(({ part }) => part.fixed === undefined)
  const isAny = kind === 'constant' || free.length === 0 || below(4, random) === 0
  const places = new Map<string, Array<Occasion>>()
  for (const occasion of isAny ? occasions : free) {
    const { place } = occasion.part
    const known = places.get(place)
    if (known === undefined) {
      places.set(place, [occasion])
    } else {
      known.push(occasion)
    }
  }
  for (const ofPlace of around([...places.values()], random)) {
    yield* around(ofPlace, random)
  }
  yield* isAny ? [] : occasions.filter(({ part }) => part.fixed !== undefined)
}

/** The items from a random one on, and then from the start. */
export function* around<A>(items: ReadonlyArray<A>, random: Random): Generator<A> {
  const first = below(items.length, random)
  yield* items.slice(first)
  yield* items.slice(0, first)
}
