import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectGrammar } from '../../combinators/expect.js'
import type { Issue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { type Protocol, protocol } from '../../combinators/protocol.js'
import { optionOf, protocolFor } from '../../combinators/protocol-for.js'
import { mayEvaluate } from './code.js'
import { faultMarker } from './fault.js'
import { Input } from './input.js'
import { planOf } from './known-plans.js'
import { type CompileOptions, limitsOf, type Settings } from './options.js'
import type { Plan } from './plan.js'
import { issueReading, issueWriting, placeOf, type Stop, takeStops } from './stops.js'
import type { Wire } from './wire.js'
import { outputs } from './written-form.js'

export { Input } from './input.js'
export { type CompileOptions, compileOptions, type Limits, limitsOf, type Profile } from './options.js'
export type { Wire } from './wire.js'

type Shared = Omit<Settings, 'protocol'>

/** The plans of grammars under one protocol, one profile and one set of limits. */
export class Plans {
  /** The given protocol; a grammar that depends on more and has no default is rejected on first use. */
  readonly protocol: Partial<Protocol>
  readonly #settings: Shared
  readonly #known = new WeakMap<AnyGrammar, Plan>()

  constructor(given: Partial<Protocol>, settings: Shared) {
    this.protocol = given
    this.#settings = settings
  }

  /**
   * Starts to read a value at the position of the input, of at most `most` bytes, or as many as the limits allow.
   */
  read<A>(grammar: Grammar<A>, input: Input, most: number = this.#settings.limits.message): Reading<A> {
    return new Reading<A>(this.#of(grammar), input, most)
  }

  /**
   * Writes a value, and passes the bytes to `take`, which must not keep them: the next value overwrites them.
   */
  write<A>(grammar: Grammar<A>, value: A, take: (bytes: Uint8Array) => void): Either<Issue, void> {
    const plan = this.#of(grammar)
    const output = outputs.take()
    output.openGrowing(this.#settings.limits.message)
    try {
      try {
        plan.write(output, value)
      } catch (error) {
        return left(issueWriting(output, error, plan))
      }
      return right(take(output.bytes.subarray(0, output.pos)))
    } finally {
      output.close()
      outputs.give(output)
    }
  }

  #of(grammar: AnyGrammar): Plan {
    const known = this.#known.get(grammar)
    if (known !== undefined) {
      return known
    }
    expectGrammar('what is read or written', grammar)
    const agreed = protocolFor(optionOf('its reader or writer'), grammar.node, this.protocol)
    const plan = planOf(grammar, { ...this.#settings, protocol: agreed })
    this.#known.set(grammar, plan)
    return plan
  }
}

// Most connections agree on the same protocols, and plans are expensive to make.
const known = new Map<string, Plans>()
const knownAtMost = 64

/** @throws RangeError for an invalid protocol or limit. */
export const plansFor = (given: Partial<Protocol>, options: CompileOptions): Plans => {
  const agreed = protocol(given)
  const settings: Shared = {
    canonical: options.profile === 'canonical',
    limits: limitsOf(options.limits),
    evaluate: options.evaluate !== false && mayEvaluate(),
    slices: false,
  }
  const id = JSON.stringify([agreed, settings])
  const found = known.get(id)
  if (found !== undefined) {
    return found
  }
  if (known.size >= knownAtMost) {
    known.clear()
  }
  const plans = new Plans(agreed, settings)
  known.set(id, plans)
  return plans
}

/**
 * Reads a value from bytes that arrive in pieces. If they end inside the value, each reader on the way out leaves a
 * stop. When more have come, the innermost part is read again and each stop is resumed with the value of its part, from
 * inside outwards: a loop, so that the cost does not depend on the nesting.
 */
export class Reading<A> {
  /** How many bytes must arrive, at least, before it is worth going on. */
  missing = 0
  readonly #plan: Plan
  readonly #input: Input
  /** The stops, the innermost last. */
  readonly #stops: Array<Stop> = []
  #ended = false
  /** The index of the outermost stop that needs the bytes of its value; −1 if none does. */
  #holder = -1

  constructor(plan: Plan, input: Input, most: number) {
    this.#plan = plan
    this.#input = input
    input.limit = most
    input.most = input.base + input.pos + most
    input.depth = 0
    input.wantedFrom = nowhere
    input.stops.length = 0
  }

  /** Continues with the bytes that have arrived; null if the value is not complete. */
  next(): Either<Issue, A> | null {
    const input = this.#input
    const { end } = input
    // Bytes beyond the limit may have arrived; they belong to the next value, or are too many.
    input.bound()
    input.ended = this.#ended
    try {
      return right(this.#goOn() as A)
    } catch (error) {
      const standing = this.#stops.length
      takeStops(input, this.#stops)
      if (error === faultMarker && input.fault.tag === 'UnexpectedEnd') {
        this.#hold(standing)
        this.missing = input.fault.missing
        return null
      }
      input.wantedFrom = nowhere
      return left(issueReading(input, error, this.#plan, this.#stops))
    } finally {
      input.end = end
    }
  }

  /** The result if nothing more arrives: the value, if it reads to the end; otherwise the issue. */
  end(): Either<Issue, A> {
    this.#ended = true
    // Read again, to count the bytes that have come since.
    const last = this.next() ?? left(issueReading(this.#input, faultMarker, this.#plan, this.#stops))
    this.#input.wantedFrom = nowhere
    return last
  }

  /** The current place, for an issue that something else found. */
  get place(): Pick<Issue, 'path' | 'grammar'> {
    return placeOf(this.#stops, this.#plan)
  }

  /** The primitive whose bytes are missing, and its offset. */
  get wanted(): { readonly wire: Wire; readonly offset: number } {
    const innermost = this.#stops.at(-1)
    const { wire, next } = innermost?.child ?? innermost?.plan ?? this.#plan
    return { wire: next === undefined ? wire : firstWire(next), offset: this.#input.base + this.#input.pos }
  }

  #goOn(): unknown {
    const input = this.#input
    const child = this.#stops.length === 0 ? this.#plan : this.#stops.at(-1)!.child
    let value = child?.read(input)
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      value = stop.plan.resume(input, stop.kept, value)
      if (this.#stops.length === this.#holder) {
        this.#holder = -1
        input.wantedFrom = nowhere
      }
    }
    return value
  }

  /** Keeps the bytes of a value that needs them; the values inside use the same bytes. */
  #hold(standing: number): void {
    if (this.#holder < 0) {
      this.#holder = this.#stops.findIndex(({ plan }, i) => i >= standing && plan.wantsBytes === true)
      const stop = this.#stops[this.#holder]
      this.#input.wantedFrom = stop === undefined ? nowhere : (stop.kept as number)
    }
  }
}

/** The first primitive that a plan reads: the missing one if there are no bytes. */
const firstWire = (plan: Plan): Wire => {
  const input = new Input()
  try {
    plan.read(input)
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
  }
  const innermost = takeStops(input).at(-1)
  return (innermost?.child ?? innermost?.plan ?? plan).wire
}

const nowhere = Number.POSITIVE_INFINITY
