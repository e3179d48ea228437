import type * as fc from 'fast-check'
import type { Eq } from 'fp-ts/lib/Eq.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import type { Ord } from 'fp-ts/lib/Ord.js'
import type { Semigroup } from 'fp-ts/lib/Semigroup.js'
import * as laws from 'fp-ts-laws'

type Theirs<A> = Parameters<typeof laws.eq<A>>[1]

/** The same class of values, in the types of fast-check's CommonJS build, which fp-ts-laws uses. */
const theirs = <A>(values: fc.Arbitrary<A>): Theirs<A> => values as unknown as Theirs<A>

/** The laws of fp-ts-laws. Each throws if one does not hold. */
export const holdsEq = <A>(instance: Eq<A>, values: fc.Arbitrary<A>): void =>
  laws.eq(instance, theirs(values))

export const holdsOrd = <A>(instance: Ord<A>, values: fc.Arbitrary<A>): void =>
  laws.ord(instance, theirs(values))

export const holdsSemigroup = <A>(instance: Semigroup<A>, equal: Eq<A>, values: fc.Arbitrary<A>): void =>
  laws.semigroup(instance, equal, theirs(values))

export const holdsMonoid = <A>(instance: Monoid<A>, equal: Eq<A>, values: fc.Arbitrary<A>): void =>
  laws.monoid(instance, equal, theirs(values))
