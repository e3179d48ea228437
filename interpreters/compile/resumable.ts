import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { AnyGrammar } from '../../combinators/node.js'
import { type Protocol, protocol } from '../../combinators/protocol.js'
import { buildPlan, type Settings } from './build.js'
import { faultMarker } from './fault.js'
import { mayEvaluate } from './generate.js'
import type { Input } from './input.js'
import { type CompileOptions, limitsOf } from './options.js'
import type { Plan } from './plan.js'
import { attempt, refused, Trail, type Walk, walk } from './walk.js'

export { Input } from './input.js'

export class Plans {
  readonly #settings: Settings
  readonly #plans = new WeakMap<AnyGrammar, Plan>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  of(grammar: AnyGrammar): Plan {
    let plan = this.#plans.get(grammar)
    if (plan === undefined) {
      plan = buildPlan(grammar.node, this.#settings)
      this.#plans.set(grammar, plan)
    }
    return plan
  }
}

export const plansFor = (given: Partial<Protocol>, options: CompileOptions): Plans =>
  new Plans({
    protocol: protocol(given),
    canonical: options.profile === 'canonical',
    limits: limitsOf(options.limits),
    evaluate: options.evaluate !== false && mayEvaluate,
  })

export class Reading<A> {
  missing = 0
  readonly #plan: Plan
  readonly #input: Input
  readonly #trail: Trail
  #walk: Walk | null = null

  constructor(plan: Plan, input: Input) {
    this.#plan = plan
    this.#input = input
    this.#trail = new Trail(plan.name)
  }

  go(): Either<Issue, A> | null {
    const input = this.#input
    try {
      if (this.#walk === null) {
        const value = attempt(input, this.#plan.read)
        if (value !== refused) return right(value as A)
        this.#walk = walk(this.#plan, input, this.#trail)
      }
      const step = this.#walk.next()
      if (step.done === true) return right(step.value as A)
      this.missing = step.value
      return null
    } catch (error) {
      if (error !== faultMarker) throw error
      return left(input.fault.issue([...this.#trail.steps], this.#trail.grammar))
    }
  }
}
