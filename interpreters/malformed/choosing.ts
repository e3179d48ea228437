import type { Profile } from '../../combinators/limits.js'
import { generator, type Random, shuffled } from './random.js'
import { type RuleKind, shares } from './rule.js'
import { broken, type Malformed, nameOf } from './samples.js'
import { around, byKind, byPlace, inTurn, profilesInTurn, type Ways } from './ways.js'

/** All rules that can be broken, or only those with the wanted names. */
export function* goneThrough(
  { message, occasions }: Ways,
  isWanted: (name: string) => boolean,
): Iterable<Malformed> {
  for (const [i, occasion] of occasions.entries()) {
    const random = generator(i)
    for (const rule of occasion.group.rules) {
      const sample = isWanted(nameOf(occasion, rule)) ? broken(message, occasion, rule, random) : null
      if (sample !== null) {
        yield sample
      }
    }
  }
}

/** One way to break a message. */
export const picked = (ways: Ways, profile: Profile | undefined, random: Random): Malformed | null => {
  for (const each of profile === undefined ? profilesInTurn(random) : [profile]) {
    const found = pickedFor(ways, each, random)
    if (found !== null) {
      return found
    }
  }
  return null
}

const pickedFor = (ways: Ways, profile: Profile, random: Random): Malformed | null => {
  for (const [kind, occasions] of inTurn(byKind(ways, profile), random)) {
    for (const occasion of byPlace(kind, occasions, random)) {
      for (const rule of around(occasion.group.rules, random)) {
        const sample = broken(ways.message, occasion, rule, random)
        if (sample !== null) {
          return sample
        }
      }
    }
  }
  return null
}

/** The most places of a long message that are tried. */
const mostOccasions = 200

/** The rule that was broken least often, of the kind that is furthest below its share. */
export const rarest = (
  ways: Ways,
  profile: Profile | undefined,
  counts: ReadonlyMap<string, number>,
  kindOf: ReadonlyMap<string, RuleKind>,
  random: Random,
): Malformed | null => {
  const got = new Map<RuleKind, number>()
  for (const [name, count] of counts) {
    const kind = kindOf.get(name)
    if (kind !== undefined) {
      got.set(kind, (got.get(kind) ?? 0) + count)
    }
  }
  const kinds = shuffled(byKind(ways, profile), random)
  const inNeed = [...kinds].sort(([a], [b]) => (got.get(a) ?? 0) / shares[a] - (got.get(b) ?? 0) / shares[b])
  for (const [, occasions] of inNeed) {
    const named = shuffled(occasions, random)
      .slice(0, mostOccasions)
      .flatMap((occasion) =>
        occasion.group.rules.map((rule) => ({ occasion, rule, name: nameOf(occasion, rule) })),
      )
    const times = (name: string): number => counts.get(name) ?? 0
    for (const { occasion, rule } of [...named].sort((a, b) => times(a.name) - times(b.name))) {
      const sample = broken(ways.message, occasion, rule, random)
      if (sample !== null) {
        return sample
      }
    }
  }
  return null
}
