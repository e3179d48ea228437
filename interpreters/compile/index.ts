import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { type Protocol, protocol } from '../../combinators/protocol.js'
import { buildPlan } from './build.js'
import { Fault, faultMarker, refuse } from './fault.js'
import { mayEvaluate } from './generate.js'
import { Input } from './input.js'
import { type CompileOptions, limitsOf } from './options.js'
import type { Output } from './output.js'
import type { Plan } from './plan.js'
import { Pool } from './pool.js'
import { retrace } from './retrace.js'
import { Trail, walk } from './walk.js'
import { outputs } from './written-form.js'

export type { CompileOptions, Limits, Profile } from './options.js'

/** A grammar made ready for one protocol: reads and writes values of type `A`. */
export interface Codec<A> {
  readonly protocol: Protocol

  /** Reads bytes that are one value and nothing else; bytes left over are an issue (`TrailingBytes`). */
  decode(bytes: Uint8Array): Either<Issue, A>

  /** Reads the value that starts at byte `at`; `next` is the byte behind it. */
  decodeAt(bytes: Uint8Array, at: number): Either<Issue, { readonly value: A; readonly next: number }>

  /** Writes a value. The bytes are the caller's: nothing else refers to them. */
  encode(value: A): Either<Issue, Uint8Array>

  /**
   * Writes a value into `target` from byte `at` on, allocates nothing, and returns the byte behind it. On an issue
   * what lies behind `at` may have been overwritten. `NoSpace` when the target is too small.
   */
  encodeInto(value: A, target: Uint8Array, at: number): Either<Issue, number>

  /**
   * How many bytes a value takes, exactly. It is found by writing the value into a buffer that is kept for reuse.
   *
   * @throws RangeError for a value that cannot be encoded; {@link encode} says why as a value.
   */
  size(value: A): number
}

/**
 * Makes a codec: gates are decided here, once, and cost nothing per value.
 *
 * ```ts
 * import { compile } from 'nix-wire'
 * import { bytesOf, listOf, u64 } from 'nix-wire/combinators'
 *
 * const codec = compile(listOf(u64), { version: '1.37' })
 * codec.encode([7n]) // => { _tag: 'Right', right: bytesOf('0100000000000000 0700000000000000') }
 * codec.size([7n]) // => 16
 * ```
 *
 * `given` is what both peers agreed on: version 1.38, no features and `/nix/store` where nothing else is said. A
 * codec holds no state between calls and may be used again while it runs.
 *
 * @throws RangeError or TypeError for a protocol, a limit or a grammar that cannot work.
 */
export const compile = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: CompileOptions = {},
): Codec<A> => {
  const agreed = protocol(given)
  const plan = buildPlan(grammar.node, {
    protocol: agreed,
    canonical: options.profile === 'canonical',
    limits: limitsOf(options.limits),
    evaluate: options.evaluate !== false && mayEvaluate,
  })
  return new PlanCodec<A>(agreed, plan)
}

const inputs = new Pool(() => new Input())

class PlanCodec<A> implements Codec<A> {
  readonly protocol: Protocol
  readonly #plan: Plan

  constructor(agreed: Protocol, plan: Plan) {
    this.protocol = agreed
    this.#plan = plan
  }

  decode(bytes: Uint8Array): Either<Issue, A> {
    return this.#reading(bytes, 0, (input, value) => {
      if (input.pos !== input.end) {
        const rest = input.end - input.pos
        refuse(input, 'TrailingBytes', input.pos, 'the end of the message', `${rest} more bytes`)
      }
      return value
    })
  }

  decodeAt(bytes: Uint8Array, at: number): Either<Issue, { readonly value: A; readonly next: number }> {
    if (!Number.isInteger(at) || at < 0 || at > bytes.length) {
      throw new RangeError(`byte ${at} is not in a message of ${bytes.length} bytes`)
    }
    return this.#reading(bytes, at, (input, value) => ({ value, next: input.pos }))
  }

  encode(value: A): Either<Issue, Uint8Array> {
    return this.#writing(value, null, 0, (output) => output.bytes.slice(0, output.pos))
  }

  encodeInto(value: A, target: Uint8Array, at: number): Either<Issue, number> {
    if (!Number.isInteger(at) || at < 0 || at > target.length) {
      throw new RangeError(`byte ${at} is not in a target of ${target.length} bytes`)
    }
    return this.#writing(value, target, at, (output) => output.pos)
  }

  size(value: A): number {
    const written = this.#writing(value, null, 0, (output) => output.pos)
    if (written._tag === 'Left') {
      throw new RangeError(`a value that cannot be encoded has no size: ${written.left._tag}`)
    }
    return written.right
  }

  #reading<B>(bytes: Uint8Array, at: number, finish: (input: Input, value: A) => B): Either<Issue, B> {
    const input = inputs.take()
    input.open(bytes, at)
    try {
      return right(finish(input, this.#plan.read(input) as A))
    } catch (error) {
      if (error !== faultMarker) {
        throw error
      }
      return left(explainReading(this.#plan, input, at))
    } finally {
      input.close()
      inputs.give(input)
    }
  }

  #writing<B>(
    value: A,
    target: Uint8Array | null,
    at: number,
    finish: (output: Output) => B,
  ): Either<Issue, B> {
    const output = outputs.take()
    open(output, target, at)
    try {
      this.#plan.write(output, value)
      return right(finish(output))
    } catch (error) {
      if (error !== faultMarker) {
        throw error
      }
      open(output, target, at)
      return left(explainWriting(this.#plan, output, value))
    } finally {
      output.close()
      outputs.give(output)
    }
  }
}

const open = (output: Output, target: Uint8Array | null, at: number): void => {
  if (target === null) {
    output.openGrowing()
  } else {
    output.openFixed(target, at)
  }
}

/** Reads again, slowly, to add the path to what the fast reader recorded. */
const explainReading = (plan: Plan, input: Input, at: number): Issue => {
  const seen = copyOf(input.fault)
  if (seen.tag === 'TrailingBytes') {
    return seen.issue([], plan.name)
  }
  input.pos = at
  input.depth = 0
  return explain(plan, seen, input.fault, (trail) => {
    // A pause means that bytes are missing, and none will come.
    walk(plan, input, trail).next()
  })
}

const explainWriting = (plan: Plan, output: Output, value: unknown): Issue =>
  explain(plan, copyOf(output.fault), output.fault, (trail) => {
    retrace(plan, output, value, trail)
  })

const copyOf = (fault: Fault): Fault => Object.assign(new Fault(), fault)

const explain = (plan: Plan, seen: Fault, found: Fault, again: (trail: Trail) => void): Issue => {
  const trail = new Trail(plan.name)
  try {
    again(trail)
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
  }
  // The two passes share every check, so that they cannot disagree; should they, no path is better than a wrong one.
  const agree = seen.early || (found.tag === seen.tag && found.offset === seen.offset)
  return agree ? found.issue(trail.steps, trail.grammar) : seen.issue([], plan.name)
}
