import fc from 'fast-check'

/** What can be large in a value: a text or bytes, the items of a collection, a chain of recursion. */
export type LargeKind = 'text' | 'items' | 'chain'

type Places = { [K in LargeKind]: number }

const none: Places = { text: 0, items: 0, chain: 0 }

/** Which one place of the value being made is large, if any. Places are counted while it is made. */
export class Growth {
  #places: Places = { ...none }
  #chosen: { readonly kind: LargeKind; readonly place: number } | null = null

  isChosen(kind: LargeKind): boolean {
    const place = this.#places[kind]++
    return this.#chosen !== null && this.#chosen.kind === kind && this.#chosen.place === place
  }

  /** Makes a value, in which the chosen place is large. */
  during<A>(chosen: { readonly kind: LargeKind; readonly place: number } | null, make: () => A): A {
    this.#places = { ...none }
    this.#chosen = chosen
    try {
      return make()
    } finally {
      this.#chosen = null
    }
  }

  /** The places of the last value. */
  get places(): ReadonlyArray<readonly [LargeKind, number]> {
    return (Object.entries(this.#places) as Array<[LargeKind, number]>).filter(([, count]) => count > 0)
  }
}

/** The context of a value: which of two arbitraries made it. */
class Made {
  readonly isLarge: boolean
  readonly context: unknown

  constructor(isLarge: boolean, context: unknown) {
    this.isLarge = isLarge
    this.context = context
  }
}

class Growing<A> extends fc.Arbitrary<A> {
  readonly #growth: Growth
  readonly #kind: LargeKind
  readonly #small: fc.Arbitrary<A>
  readonly #large: () => fc.Arbitrary<A>
  #made: fc.Arbitrary<A> | undefined

  constructor(growth: Growth, kind: LargeKind, small: fc.Arbitrary<A>, large: () => fc.Arbitrary<A>) {
    super()
    this.#growth = growth
    this.#kind = kind
    this.#small = small
    this.#large = large
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<A> {
    const isLarge = this.#growth.isChosen(this.#kind)
    const { value, context } = this.#of(isLarge).generate(random, isLarge ? undefined : bias)
    return new fc.Value(value, new Made(isLarge, context))
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#small.canShrinkWithoutContext(value) || this.#of(true).canShrinkWithoutContext(value)
  }

  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    const made =
      context instanceof Made ? context : new Made(!this.#small.canShrinkWithoutContext(value), undefined)
    const arbitrary = this.#of(made.isLarge)
    return made.context === undefined && !arbitrary.canShrinkWithoutContext(value)
      ? fc.Stream.nil()
      : arbitrary
          .shrink(value, made.context)
          .map((each) => new fc.Value(each.value, new Made(made.isLarge, each.context)))
  }

  /** The large arbitrary is made when it is first needed. */
  #of(isLarge: boolean): fc.Arbitrary<A> {
    if (!isLarge) {
      return this.#small
    }
    this.#made ??= this.#large()
    return this.#made
  }
}

/** Small values, and a large one in the chosen place. */
export const growing = <A>(
  growth: Growth,
  kind: LargeKind,
  small: fc.Arbitrary<A>,
  large: () => fc.Arbitrary<A>,
): fc.Arbitrary<A> => new Growing(growth, kind, small, large)

class Grown<A> extends fc.Arbitrary<A> {
  readonly #growth: Growth
  readonly #inner: fc.Arbitrary<A>
  readonly #oneIn: number

  constructor(growth: Growth, inner: fc.Arbitrary<A>, oneIn: number) {
    super()
    this.#growth = growth
    this.#inner = inner
    this.#oneIn = oneIn
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<A> {
    const make = (from: fc.Random) => () => this.#inner.generate(from, bias)
    if (random.nextInt(1, this.#oneIn) !== 1) {
      return this.#growth.during(null, make(random))
    }
    // The value is generated twice with the same random numbers: first to count its places.
    this.#growth.during(null, make(random.clone()))
    const { places } = this.#growth
    if (places.length === 0) {
      return this.#growth.during(null, make(random))
    }
    const again = random.clone()
    const [kind, count] = places[random.nextInt(0, places.length - 1)]!
    return this.#growth.during({ kind, place: random.nextInt(0, count - 1) }, make(again))
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#inner.canShrinkWithoutContext(value)
  }

  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    return this.#inner.shrink(value, context)
  }
}

/** Values of which one in `oneIn` has one large place. */
export const grown = <A>(growth: Growth, inner: fc.Arbitrary<A>, oneIn: number): fc.Arbitrary<A> =>
  new Grown(growth, inner, oneIn)

class Leaning<A> extends fc.Arbitrary<A> {
  readonly #made: fc.Arbitrary<A>
  readonly #all: fc.Arbitrary<A>

  constructor(made: fc.Arbitrary<A>, all: fc.Arbitrary<A>) {
    super()
    this.#made = made
    this.#all = all
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<A> {
    return this.#made.generate(random, bias)
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#all.canShrinkWithoutContext(value)
  }

  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    return this.#all.shrink(value, context)
  }
}

/** Lists of `min` to `max` items that shrink to fewer. */
export const crowds = <A>(item: fc.Arbitrary<A>, min: number, max: number): fc.Arbitrary<ReadonlyArray<A>> =>
  new Leaning(
    fc.array(item, { minLength: min, maxLength: max, size: 'max' }),
    fc.array(item, { maxLength: max, size: 'max' }),
  )
