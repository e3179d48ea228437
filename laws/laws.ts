import fc from 'fast-check'
import { isLeft, isRight, map, mapLeft } from 'fp-ts/lib/Either.js'
import { reachesEnd } from '../combinators/ends.js'
import type { Issue } from '../combinators/issue.js'
import { resolved } from '../combinators/resolved.js'
import { sameValues } from '../combinators/written.js'
import { fromJson, parseJson, printJson, toJson } from '../interpreters/json/index.js'
import { anyBytes, chunked, chunkSizes, surrounded } from './bytes.js'
import { allSettings, type Environment, nameOf } from './environment.js'
import { accepted, fail, refused, same } from './expect.js'
import { dissected, streamed } from './readers.js'
import { tamper, withoutOrder } from './tampered.js'

/** A property of every grammar under every protocol. */
export interface Law {
  /** The property, and the title of its test. */
  readonly name: string
  readonly property: <A>(env: Environment<A>) => fc.IRawProperty<unknown>
}

const roundTrip: Law = {
  name: 'an encoded value is decoded as the same value, in both profiles',
  property: ({ values, compatible, canonical }) =>
    fc.property(values, (value) => {
      const bytes = accepted(compatible.encode(value), 'the value')
      same(accepted(compatible.decode(bytes), 'its encoding'), value, 'the decoded value')
      same(
        accepted(canonical.decode(bytes), 'its encoding, in the canonical profile'),
        value,
        'the decoded value',
      )
      same(canonical.encode(value), { _tag: 'Right', right: bytes }, 'the encoding in the canonical profile')
    }),
}

const identity: Law = {
  name: 'what the canonical profile accepts is encoded as the same bytes',
  property: ({ bytes, canonical }) =>
    fc.property(bytes, (given) => {
      const decoded = canonical.decodeAt(given, 0)
      if (isRight(decoded)) {
        const { value, next } = decoded.right
        same(accepted(canonical.encode(value), 'the decoded value'), given.slice(0, next), 'its encoding')
      }
    }),
}

const readByOthers: Law = {
  name: 'other readers read an encoded value as the same value, in the canonical profile',
  property: (env) =>
    fc.property(env.values, (value) => {
      const bytes = accepted(env.canonical.encode(value), 'the value')
      for (const { name, decodeAt } of env.others(allSettings[1]!)) {
        const read = accepted(decodeAt(bytes, 0), `the encoding, by ${name},`)
        same(read, { value, next: bytes.length }, `what ${name} reads`)
      }
    }),
}

const exactSize: Law = {
  name: 'the size is the number of bytes encoded',
  property: ({ values, compatible }) =>
    fc.property(values, (value) => {
      same(compatible.size(value), accepted(compatible.encode(value), 'the value').length, 'the size')
    }),
}

const shortMessage = 24

/**
 * All lengths below that of a short message; for a long one the given lengths (modulo its length), and the last.
 */
const lengthsBelow = (length: number, asked: ReadonlyArray<number>): ReadonlyArray<number> =>
  length <= shortMessage
    ? Array.from({ length }, (_, i) => i)
    : [...asked.map((each) => each % length), length - 1]

const prefixes: Law = {
  name: 'each strict prefix ends too early, and asks for no more bytes than are missing',
  property: ({ grammar, valid, compatible, canonical }) =>
    fc.property(valid, fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (bytes, asked) => {
      for (const length of lengthsBelow(bytes.length, asked)) {
        for (const subject of [compatible, canonical]) {
          const read = subject.decode(bytes.subarray(0, length))
          // If a message reads to the end, a part of it may be valid, or invalid for its content.
          if (reachesEnd(grammar.node) && (isRight(read) || read.left._tag !== 'UnexpectedEnd')) {
            continue
          }
          const issue = refused(read, `a prefix of ${length} bytes`)
          const enough =
            issue._tag === 'UnexpectedEnd' && issue.missing > 0 && issue.missing <= bytes.length - length
          if (!enough || issue.offset > length) {
            fail(`the issue of a prefix of ${length} of ${bytes.length} bytes is ${fc.stringify(issue)}`)
          }
        }
      }
    }),
}

const trailing: Law = {
  name: 'bytes after a message are an issue',
  property: ({ grammar, valid, compatible, canonical }) =>
    fc.property(valid, fc.uint8Array({ minLength: 1, maxLength: 9 }), (bytes, more) => {
      const all = surrounded(bytes, 0, more.length)
      all.set(more, bytes.length)
      for (const subject of [compatible, canonical]) {
        const longer = subject.decodeAt(all, 0)
        // A message that reads to the end includes the extra bytes, or rejects them.
        if (reachesEnd(grammar.node) && (isLeft(longer) || longer.right.next === all.length)) {
          continue
        }
        const { _tag, offset, path } = refused(subject.decode(all), 'a message with bytes after it')
        same({ _tag, offset, path }, { _tag: 'TrailingBytes', offset: bytes.length, path: [] }, 'the issue')
        same(accepted(longer, 'the message').next, bytes.length, 'the end of the message')
      }
    }),
}

const moved = (issue: Issue, by: number): Issue => ({ ...issue, offset: issue.offset + by })

const offsets: Law = {
  name: 'a message may lie at any offset, in any part of a buffer',
  property: ({ bytes, compatible }) =>
    fc.property(bytes, fc.nat(17), fc.nat(9), (given, before, after) => {
      const alone = compatible.decodeAt(given, 0)
      const room = surrounded(given, before, after)
      const part = room.subarray(before, before + given.length)
      same(compatible.decodeAt(part, 0), alone, 'what is read from a part of a buffer')
      const at = mapLeft((issue: Issue) => moved(issue, before))(
        map((read: { readonly value: unknown; readonly next: number }) => ({
          ...read,
          next: read.next + before,
        }))(alone),
      )
      const found = compatible.decodeAt(room.subarray(0, before + given.length), before)
      same(found, at, `what is read at byte ${before}`)
    }),
}

const agreement: Law = {
  name: 'all readers agree on valid, nearly valid and random bytes, issues included',
  property: (env) =>
    fc.property(env.bytes, fc.constantFrom(...allSettings), (bytes, settings) => {
      const subject = env.subject(settings)
      const read = subject.decodeAt(bytes, 0)
      for (const { name, decodeAt } of env.others(settings)) {
        same(read, decodeAt(bytes, 0), `${nameOf(settings)}: what is read, compared with ${name},`)
      }
      const whole = dissected(env.grammar, env.protocol, settings, bytes)
      same(subject.decode(bytes), whole, `${nameOf(settings)}: what is read, compared with the dissector,`)
    }),
}

const chunkings: Law = {
  name: 'bytes may arrive in any chunks',
  property: (env) =>
    fc.asyncProperty(
      env.bytes,
      chunkSizes,
      fc.constantFrom(...allSettings),
      async (bytes, sizes, settings) => {
        const read = await streamed(env.grammar, env.protocol, settings, chunked(bytes, sizes))
        same(
          env.subject(settings).decodeAt(bytes, 0),
          read,
          `${nameOf(settings)}: what is read, compared with the stream,`,
        )
      },
    ),
}

const malformed: Law = {
  name: 'a message with one rule broken is rejected for that rule',
  property: (env) =>
    fc.property(env.values, fc.nat(), (value, choice) => {
      const picked = env.malformer.pick(value, choice)
      if (picked === null) {
        return
      }
      const { rule, bytes, profile, issue } = picked
      const subject = profile === 'canonical' ? env.canonical : env.compatible
      const { _tag: tag, offset, path } = refused(subject.decode(bytes), `bytes that break "${rule}"`)
      same({ tag, offset, path }, issue, `the issue of "${rule}"`)
    }),
}

const acceptable: Law = {
  name: 'a message that only the canonical profile rejects is read by the compatible one, and written in a form that both read',
  property: (env) =>
    fc.property(env.values, fc.nat(), (value, choice) => {
      const picked = env.malformer.pick(value, choice, 'canonical')
      if (picked === null) {
        return
      }
      const { rule, bytes, issue } = picked
      const read = accepted(env.compatible.decode(bytes), `bytes that break "${rule}"`)
      const written = env.compatible.encode(read)
      // A text that is not strict keeps its form, and a set with an item twice cannot be written.
      if (isRight(written) && issue.tag !== 'InvalidText') {
        accepted(env.canonical.decode(written.right), `what is written for bytes that break "${rule}"`)
      }
    }),
}

const limits: Law = {
  name: 'the encoder rejects what a decoder with the same limits would reject',
  property: (env) =>
    fc.property(env.values, fc.constantFrom(...allSettings.slice(2)), (value, settings) => {
      const subject = env.subject(settings)
      const written = subject.encode(value)
      const read = subject.decode(accepted(env.compatible.encode(value), 'the value'))
      if (isLeft(written)) {
        const issues = [written.left._tag, refused(read, 'what the encoder refuses')._tag]
        same(issues, ['LimitExceeded', 'LimitExceeded'], 'what encoder and decoder say')
        return
      }
      same(accepted(read, 'what the encoder accepts'), value, 'the decoded value')
    }),
}

const noOtherValues: Law = {
  name: 'a value of another type is rejected, or read back as it is',
  property: ({ grammar, protocol, values, compatible, canonical }) =>
    fc.property(tamper(values), (value) => {
      const { node } = resolved(grammar, protocol)
      for (const subject of [compatible, canonical]) {
        // The value has the right types, but may still be invalid.
        const written = subject.encode(value as Parameters<typeof subject.encode>[0])
        if (isRight(written)) {
          const read = accepted(subject.decode(written.right), 'what was encoded')
          // The bytes beside a value are those that were written, whatever they were before.
          if (!sameValues(node, protocol, read, value)) {
            same(withoutOrder(read), withoutOrder(value), 'the value read back')
          }
        }
      }
    }),
}

const json: Law = {
  name: 'the JSON form loses nothing',
  property: ({ grammar, protocol, values, canonical }) => {
    return fc.property(values, (value) => {
      const shown = accepted(toJson(grammar, protocol, value), 'the value')
      const parsed = accepted(parseJson(printJson(shown)), 'the JSON')
      const back = accepted(fromJson(grammar, protocol, parsed), 'the JSON')
      const again = accepted(toJson(grammar, protocol, back), 'the value from JSON')
      same(withoutOrder(again), withoutOrder(shown), 'its JSON')
      same(canonical.encode(back), canonical.encode(value), 'the encoding of the value from JSON')
    })
  },
}

const never: Law = {
  name: 'no bytes make a reader throw',
  property: ({ compatible, canonical }) =>
    fc.property(anyBytes, (bytes) => {
      for (const subject of [compatible, canonical]) {
        subject.decode(bytes)
      }
    }),
}

export const laws: ReadonlyArray<Law> = [
  roundTrip,
  identity,
  readByOthers,
  exactSize,
  prefixes,
  trailing,
  offsets,
  agreement,
  chunkings,
  malformed,
  acceptable,
  limits,
  noOtherValues,
  json,
  never,
]
