import fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import { type Codec, compile } from '../../../interpreters/compile/index.js'
import { toJson } from '../../../interpreters/json/index.js'
import { accepted, same } from '../../../laws/expect.js'
import { toArbitrary } from '../../../laws/index.js'
import { tamper, withoutOrder } from '../../../laws/tampered.js'
import { damaged } from '../../support/damaged.js'
import { hostile } from '../../support/hostile-values.js'
import { profiles } from '../../support/protocols.js'
import { drawSubject, pick, type Subject, showProtocol, some } from '../draw.js'
import { alone, plainTrial, type Target, type Trial } from '../trial.js'

const tampered = 200
/** A large value has many thousands of them. */
const mostLies = 300

const strangers: ReadonlyArray<unknown> = [
  undefined,
  null,
  0,
  -1,
  Number.NaN,
  1n << 64n,
  -1n,
  'x',
  '\ud800',
  [],
  {},
  new Map(),
  new Uint8Array(3),
  Symbol('s'),
  () => 0,
  new Date(0),
  { _tag: 'Some' },
  { _tag: 'None' },
]

/** An encoded value can be decoded; with `alike` the two must be equal. */
const encode = (
  { grammar, protocol }: Subject,
  codec: Codec<unknown>,
  value: unknown,
  alike: boolean,
): void => {
  const written = codec.encode(value)
  if (isRight(written)) {
    const read = accepted(codec.decode(written.right), 'what was encoded')
    if (alike) {
      same(withoutOrder(read), withoutOrder(value), 'what is decoded')
    }
  }
  toJson(grammar, protocol, value)
}

function* first<A>(items: Iterable<A>, most: number): Generator<A, void> {
  let left = most
  for (const item of items) {
    if (left-- === 0) {
      return
    }
    yield item
  }
}

function* batch(seed: number): Generator<Trial, void> {
  const subject = drawSubject(seed)
  const options = pick(profiles, seed)
  const codec = compile(subject.grammar, subject.protocol, options)
  const values = toArbitrary(subject.grammar, subject.protocol)
  const what = `${subject.name} at ${showProtocol(subject.protocol)}, ${options.profile}`
  const trial = (value: unknown, shown: () => string, alike: boolean): Trial =>
    plainTrial(what, shown, () => encode(subject, codec, value, alike))
  const plain = (value: unknown, alike: boolean): Trial => trial(value, () => fc.stringify(value), alike)
  for (const value of some(tamper(values), tampered, seed)) {
    yield plain(value, true)
  }
  const whole = some(values, 2, seed)
  for (const value of whole) {
    for (const other of first(damaged(value, pick(strangers, seed)), mostLies)) {
      yield plain(other, false)
    }
    // A value that lies cannot be shown: it may throw.
    for (const { what: lie, path, value: lying } of first(hostile(value), mostLies)) {
      yield trial(lying, () => `${lie}, at "${path.join('.')}" of ${fc.stringify(value)}`, false)
    }
  }
}

export const encoders: Target = {
  name: 'encoders',
  summary: 'values of wrong types and ones that lie: an issue, or bytes that can be decoded',
  open: alone(batch),
}
