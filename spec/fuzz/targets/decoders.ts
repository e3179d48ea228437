import fc from 'fast-check'
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../../combinators/issue.js'
import { anyBytes, nearly } from '../../../laws/bytes.js'
import { allSettings, Environment, nameOf } from '../../../laws/environment.js'
import { accepted, same } from '../../../laws/expect.js'
import { dissected } from '../../../laws/readers.js'
import type { Settings } from '../../../laws/subject.js'
import { withoutOrder } from '../../../laws/tampered.js'
import { cheaply } from '../cost.js'
import { drawSubject, pick, showProtocol, some } from '../draw.js'
import { alone, bytesTrial, type Target, type Trial } from '../trial.js'

const valid = 16
const unruly = 8
const damaged = 3000

/** Valid messages, messages that break a rule, and others a few changes away. */
const messages = (env: Environment<unknown>, seed: number): ReadonlyArray<Uint8Array> => {
  const broken = some(fc.tuple(env.values, fc.nat()), valid, seed).flatMap(
    ([value, choice]) => env.malformer.pick(value, choice)?.bytes ?? [],
  )
  const whole = [...some(env.valid, valid, seed), ...some(env.unruly, unruly, seed), ...broken]
  const others = fc.oneof(
    { weight: 9, arbitrary: nearly(fc.constantFrom(...whole)) },
    { weight: 1, arbitrary: anyBytes },
  )
  return [...whole, ...some(others, damaged, seed)]
}

/**
 * What is decoded can be encoded, and is then decoded as the same. Where it was canonical the bytes are the same, too;
 * the other profile keeps sets in the order they came in, and items that stand twice in one, which no encoder writes.
 */
const goesRound = (
  { canonical, compatible }: Environment<unknown>,
  { profile }: Settings,
  bytes: Uint8Array,
  value: unknown,
): void => {
  if (profile === 'canonical') {
    same(accepted(canonical.encode(value), 'what was decoded'), bytes, 'what is encoded again')
    return
  }
  const encoded = compatible.encode(value)
  if (isLeft(encoded) && encoded.left._tag === 'DuplicateKey') {
    return
  }
  const again = accepted(compatible.decode(accepted(encoded, 'what was decoded')), 'its encoding')
  same(withoutOrder(again), withoutOrder(value), 'what is decoded again')
}

const decode = (env: Environment<unknown>, settings: Settings, bytes: Uint8Array): void => {
  let read: Either<Issue, unknown> | undefined
  cheaply(() => {
    read = env.subject(settings).decode(bytes)
  })
  if (read === undefined) {
    throw new Error('nothing is decoded')
  }
  same(
    read,
    dissected(env.grammar, env.protocol, settings, bytes),
    'what is decoded, held against the dissector,',
  )
  if (isRight(read)) {
    goesRound(env, settings, bytes, read.right)
  }
}

function* batch(seed: number): Generator<Trial, void> {
  const { name, grammar, protocol } = drawSubject(seed)
  const settings = pick(allSettings, seed)
  const env = new Environment(grammar, protocol, {})
  const what = `${name} at ${showProtocol(protocol)}, ${nameOf(settings)}`
  for (const bytes of messages(env, seed)) {
    yield bytesTrial(what, bytes, (each) => decode(env, settings, each))
  }
}

export const decoders: Target = {
  name: 'decoders',
  summary:
    'messages of all grammars, damaged: an issue that the dissector finds too, or a value that goes round',
  open: alone(batch),
}
