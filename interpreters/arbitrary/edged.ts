import fc from 'fast-check'
import { NoValues } from './no-values.js'

/**
 * An arbitrary that sometimes gives one of a few values that are likely to show mistakes. They shrink like the others,
 * so the arbitrary must be able to shrink values it has not made (a mapped one needs its `unmap`).
 */
export const edged = <A>(inner: fc.Arbitrary<A>, edges: ReadonlyArray<A>, oneIn = 5): fc.Arbitrary<A> =>
  edges.length === 0 ? inner : new Edged(inner, edges, oneIn)

class Edged<A> extends fc.Arbitrary<A> {
  readonly #inner: fc.Arbitrary<A>
  readonly #edges: ReadonlyArray<A>
  readonly #oneIn: number

  constructor(inner: fc.Arbitrary<A>, edges: ReadonlyArray<A>, oneIn: number) {
    super()
    this.#inner = inner
    this.#edges = edges
    this.#oneIn = oneIn
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<A> {
    return random.nextInt(1, this.#oneIn) === 1
      ? new fc.Value(this.#edges[random.nextInt(0, this.#edges.length - 1)]!, undefined)
      : this.#inner.generate(random, bias)
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#inner.canShrinkWithoutContext(value)
  }

  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    return context === undefined && !this.#inner.canShrinkWithoutContext(value)
      ? fc.Stream.nil()
      : this.#inner.shrink(value, context)
  }
}

const mostMisses = 10_000

/** Values that `accepts`. @throws NoValues after ten thousand others in a row, instead of searching endlessly. */
export const bounded = <A>(
  inner: fc.Arbitrary<A>,
  accepts: (value: A) => boolean,
  complaint: string,
): fc.Arbitrary<A> => {
  let misses = 0
  return inner.filter((value) => {
    if (accepts(value)) {
      misses = 0
      return true
    }
    if (++misses > mostMisses) {
      misses = 0
      throw new NoValues(`${complaint} (none in ${mostMisses} tries)`)
    }
    return false
  })
}

/**
 * Texts of these characters. fast-check's own `string` tries a long list of dangerous words on every unit, which takes
 * longer than all else.
 */
export const textsOf = (
  unit: fc.Arbitrary<string>,
  constraints: { readonly minLength?: number; readonly maxLength: number },
): fc.Arbitrary<string> =>
  fc.array(unit, constraints).map(
    (characters) => characters.join(''),
    (text) => {
      if (typeof text === 'string') {
        return [...text]
      }
      throw new TypeError('not a text')
    },
  )
