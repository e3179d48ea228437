import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import type { Profile } from '../../combinators/limits.js'
import { compile } from '../../interpreters/compile/index.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { Failure } from '../failure.js'
import type { Target } from './target.js'

/** The number of values in the first batch, and in each later one. */
const few = 8
const most = 100

/** Endless values, the same for the same seed. */
async function* valuesOf(target: Target, seed: number): AsyncGenerator<unknown, never, void> {
  // Loaded only if it is needed: it takes longer than all the rest.
  const [{ default: fc }, { toArbitrary }] = await Promise.all([
    import('fast-check'),
    import('../../interpreters/arbitrary/index.js'),
  ])
  const arbitrary = toArbitrary(target.grammar, target.protocol, target.values)
  const batch = (turn: number, numRuns: number) =>
    fc.sample(arbitrary, { numRuns, seed: (seed + turn * 7919) | 0 })
  // A few samples should not wait for a hundred: the small batch is the beginning of the large one.
  yield* batch(0, few)
  yield* batch(0, most).slice(few)
  for (let turn = 1; ; turn++) {
    yield* batch(turn, most)
  }
}

/** Encodes a value. */
const encoder = ({ grammar, protocol }: Target): ((value: unknown) => Uint8Array) => {
  const { encode } = compile(grammar, protocol)
  return (value) => {
    const bytes = encode(value)
    if (isLeft(bytes)) {
      throw new Failure(1, `a sample that cannot be encoded: ${showIssue(bytes.left)}`)
    }
    return bytes.right
  }
}

/** Endless valid messages. */
export async function* messagesOf(target: Target, seed: number): AsyncGenerator<Uint8Array, never, void> {
  const encode = encoder(target)
  for await (const value of valuesOf(target, seed)) {
    yield encode(value)
  }
  throw new Error('no more values could be made')
}

/** Endless messages with one rule broken; the rules broken least often come first. */
export const malformedOf = (target: Target, seed: number): AsyncGenerator<Malformed, never, void> =>
  // The compatible profile lacks the rules that only the canonical one has.
  withoutEnd(
    brokenOf(target, seed, target.profile === 'canonical' ? undefined : 'compatible'),
    'this type rejects no bytes',
  )

/** Endless messages that the compatible profile accepts and the canonical one rejects. */
export const acceptableOf = (target: Target, seed: number): AsyncGenerator<Malformed, never, void> =>
  withoutEnd(
    brokenOf(target, seed, 'canonical'),
    'this type has no bytes that only the canonical profile rejects',
  )

/** Endless messages: half of them valid, a quarter acceptable if there are any, and the rest malformed. */
export async function* mixedOf(target: Target, seed: number): AsyncGenerator<Uint8Array, never, void> {
  const valid = messagesOf(target, seed)
  const malformed = malformedOf(target, seed)
  const acceptable = brokenOf(target, seed, 'canonical')
  for (;;) {
    yield (await valid.next()).value
    yield (await malformed.next()).value.bytes
    yield (await valid.next()).value
    const { value, done } = await acceptable.next()
    yield done === true ? (await malformed.next()).value.bytes : value.bytes
  }
}

/** After this many values without an occasion to break a rule, there is taken to be none. */
const mostInVain = 300

/** @throws Failure if the sequence ends. */
async function* withoutEnd<A>(
  source: AsyncGenerator<A, void, void>,
  complaint: string,
): AsyncGenerator<A, never, void> {
  yield* source
  throw new Failure(1, complaint)
}

async function* brokenOf(
  target: Target,
  seed: number,
  profile: Profile | undefined,
): AsyncGenerator<Malformed, void, void> {
  const malformer = toMalformed(target.grammar, target.protocol)
  const broken = new Map<string, number>()
  let turn = seed
  let inVain = malformer.rules.some((rule) => profile === undefined || rule.profile === profile)
    ? 0
    : mostInVain
  for await (const value of valuesOf(target, seed)) {
    if (inVain++ >= mostInVain) {
      return
    }
    for (const each of malformer.sample([value], turn++, broken, profile)) {
      inVain = 0
      yield each
    }
  }
}
