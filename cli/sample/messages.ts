import { isLeft } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import type { Profile } from '../../combinators/limits.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { compile } from '../../interpreters/compile/index.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { Failure } from '../failure.js'

/** What inputs are made for: a grammar under one protocol, read in one profile. */
export interface Target {
  readonly grammar: Grammar<unknown>
  readonly protocol: Protocol
  readonly profile: Profile
}

/** Values without end, the same for the same seed. */
async function* valuesOf(target: Target, seed: number): AsyncGenerator<unknown, never, void> {
  // Loaded only where it is needed: it takes longer than all the rest.
  const [{ default: fc }, { toArbitrary }] = await Promise.all([
    import('fast-check'),
    import('../../interpreters/arbitrary/index.js'),
  ])
  const arbitrary = toArbitrary(target.grammar, target.protocol)
  for (let turn = 0; ; turn++) {
    yield* fc.sample(arbitrary, { numRuns: 100, seed: (seed + turn * 7919) | 0 })
  }
}

/** A value written down. */
export const encoder = ({ grammar, protocol }: Target): ((value: unknown) => Uint8Array) => {
  const { encode } = compile(grammar, protocol)
  return (value) => {
    const bytes = encode(value)
    if (isLeft(bytes)) {
      throw new Failure(1, `a sample that cannot be encoded: ${showIssue(bytes.left)}`)
    }
    return bytes.right
  }
}

/** Valid messages without end. */
export async function* messagesOf(target: Target, seed: number): AsyncGenerator<Uint8Array, never, void> {
  const encode = encoder(target)
  for await (const value of valuesOf(target, seed)) {
    yield encode(value)
  }
  throw new Error('values without end came to an end')
}

/** Messages with one rule broken, without end; rules that were not broken yet come first. */
export async function* malformedOf(target: Target, seed: number): AsyncGenerator<Malformed, never, void> {
  const { grammar, protocol, profile } = target
  const malformer = toMalformed(grammar, protocol)
  if (malformer.rules.length === 0) {
    throw new Failure(1, 'there are no bytes that this type refuses')
  }
  const broken = new Map<string, number>()
  let turn = seed
  for await (const value of valuesOf(target, seed)) {
    // A rule of the canonical profile is none in the other.
    for (const each of malformer.sample([value], turn++, broken)) {
      if (profile === 'canonical' || each.profile === 'compatible') {
        yield each
      }
    }
  }
  throw new Error('values without end came to an end')
}
