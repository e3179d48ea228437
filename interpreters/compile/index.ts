import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { expectBytes } from '../../bytes/byte-array.js'
import { strings } from '../../bytes/strings.js'
import { expectGrammar } from '../../combinators/expect.js'
import { type Issue, showIssue } from '../../combinators/issue.js'
import type { Grammar } from '../../combinators/node.js'
import { checkOptions } from '../../combinators/options.js'
import type { Protocol } from '../../combinators/protocol.js'
import { protocolFor } from '../../combinators/protocol-for.js'
import * as words from '../../combinators/words.js'
import { mayEvaluate } from './code.js'
import { refuse } from './fault.js'
import { Input } from './input.js'
import { planOf } from './known-plans.js'
import { type CompileOptions, compileOptions, limitsOf } from './options.js'
import type { Output } from './output.js'
import type { Plan } from './plan.js'
import { Pool } from './pool.js'
import { issueReading, issueWriting } from './stops.js'
import { outputs } from './written-form.js'

export type { OnCode } from './code.js'
export type { CompileOptions, Limits, Profile } from './options.js'

/**
 * A codec: it decodes and encodes values of type `A` under one protocol. Its functions do not use `this`, so they can
 * be passed around alone.
 */
export interface Codec<A> {
  /** The protocol that the codec was compiled for: the given parts, and the grammar's defaults for the others. */
  readonly protocol: Partial<Protocol>

  /**
   * Decodes bytes that hold exactly one value. Bytes after the value are an issue (`TrailingBytes`).
   *
   * @throws TypeError for anything but a Uint8Array.
   */
  readonly decode: (bytes: Uint8Array) => Either<Issue, A>

  /** Decodes the value that starts at byte `at`; `next` is the offset of the byte after it. */
  readonly decodeAt: (
    bytes: Uint8Array,
    at: number,
  ) => Either<Issue, { readonly value: A; readonly next: number }>

  /**
   * Encodes a value into a new array. A value of another type is an issue and never an exception; so is a value whose
   * getters throw, or that changes while it is being written.
   */
  readonly encode: (value: A) => Either<Issue, Uint8Array>

  /**
   * Encodes a value into `target`, starting at byte `at`, without allocating; returns the offset of the byte after
   * the value. After an issue the bytes from `at` on may have been overwritten. The issue is `NoSpace` if the target
   * is too small.
   */
  readonly encodeInto: (value: A, target: Uint8Array, at: number) => Either<Issue, number>

  /**
   * The exact number of bytes of an encoded value. The value is encoded into an internal buffer to find it.
   *
   * @throws RangeError for a value that cannot be encoded; {@link encode} returns the reason as an issue.
   */
  readonly size: (value: A) => number
}

/**
 * Makes a codec from a grammar. The gates are decided here, once, and cost nothing per value.
 *
 * ```ts
 * import { bytesOf, compile, listOf, u64 } from 'nix-wire'
 *
 * const codec = compile(listOf(u64))
 * codec.encode([7n]) // => { _tag: 'Right', right: bytesOf('0100000000000000 0700000000000000') }
 * codec.size([7n]) // => 16
 * ```
 *
 * `given` is the protocol that both peers agreed on: version, features and store directory. Only the parts that the
 * grammar depends on, and has no `defaults` for, are required. A codec keeps no state between calls and is
 * reentrant. Compiling the same grammar again, for the same protocol and options, is cheap: the functions are shared.
 *
 * @throws TypeError if the grammar depends on a part of the protocol that is not given; RangeError or TypeError for
 * an invalid protocol, limit or grammar.
 */
export const compile = <A>(
  grammar: Grammar<A>,
  given: Partial<Protocol> = {},
  options: CompileOptions = {},
): Codec<A> => {
  expectGrammar('what compile takes', grammar, 'connectFlow, serveFlow or observe')
  checkOptions('compile', compileOptions, options)
  const agreed = protocolFor('compile', grammar.node, given)
  const limits = limitsOf(options.limits)
  const plan = planOf(grammar, {
    protocol: agreed,
    canonical: options.profile === 'canonical',
    limits,
    evaluate: options.evaluate !== false && mayEvaluate(),
    slices: options.slices === true,
    onCode: options.onCode,
  })
  const compiled: Compiled = { plan, most: limits.message }
  return {
    protocol: agreed,
    decode: (bytes) => {
      expectBytes('what is decoded', bytes)
      return reading<A, A>(compiled, bytes, 0, options.slices === true, (input, value) => {
        const rest = input.bytes.length - input.pos
        if (rest !== 0) {
          refuse(input, 'TrailingBytes', input.pos, words.endOfMessage, words.moreBytes(rest))
        }
        return value
      })
    },
    decodeAt: (bytes, at) => {
      expectBytes('what is decoded', bytes)
      checkPlace(at, bytes, 'message')
      return reading(compiled, bytes, at, false, (input, value: A) => ({ value, next: input.pos }))
    },
    encode: (value) => writing(compiled, value, null, 0, (output) => output.bytes.slice(0, output.pos)),
    encodeInto: (value, target, at) => {
      expectBytes('the target', target)
      checkPlace(at, target, 'target')
      return writing(compiled, value, target, at, (output) => output.pos)
    },
    size: (value) => {
      const written = writing(compiled, value, null, 0, (output) => output.pos)
      if (written._tag === 'Left') {
        throw new RangeError(`the size of a value that cannot be encoded: ${showIssue(written.left)}`)
      }
      return written.right
    },
  }
}

/** A plan, and the limit of bytes for one value. */
interface Compiled {
  readonly plan: Plan
  readonly most: number
}

const inputs = new Pool(() => new Input())

const reading = <A, B>(
  { plan, most }: Compiled,
  bytes: Uint8Array,
  at: number,
  slices: boolean,
  finish: (input: Input, value: A) => B,
): Either<Issue, B> => {
  const input = inputs.take()
  input.open(bytes, at)
  input.begin(most)
  if (slices) {
    input.text = strings.fromLatin1(input.bytes)
  }
  try {
    return right(finish(input, plan.read(input) as A))
  } catch (error) {
    return left(issueReading(input, error, plan))
  } finally {
    input.close()
    inputs.give(input)
  }
}

/** Writes a value into a buffer of the codec's own, or into a target. */
const writing = <B>(
  { plan, most }: Compiled,
  value: unknown,
  target: Uint8Array | null,
  at: number,
  finish: (output: Output) => B,
): Either<Issue, B> => {
  const output = outputs.take()
  if (target === null) {
    output.openGrowing(most)
  } else {
    output.openFixed(target, at, most)
  }
  try {
    plan.write(output, value)
    return right(finish(output))
  } catch (error) {
    return left(issueWriting(output, error, plan))
  } finally {
    output.close()
    outputs.give(output)
  }
}

const checkPlace = (at: number, bytes: Uint8Array, what: string): void => {
  if (!Number.isInteger(at) || at < 0 || at > bytes.length) {
    throw new RangeError(`byte ${at} is not in a ${what} of ${bytes.length} bytes`)
  }
}
