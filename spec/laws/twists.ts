import { isLeft, left, map } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { AnyGrammar, Grammar, Issue } from '../../index.js'
import { compile } from '../../interpreters/compile/index.js'
import type { Settings, Subject, SubjectOf } from '../../laws/index.js'

/** A codec with one mistake in it. */
export interface Fault {
  readonly title: string
  /** Runs `check` on the grammar and the faulty codec. */
  readonly run: <R>(check: <A>(grammar: Grammar<A>, subject: SubjectOf<A>) => R) => R
  readonly grammar: AnyGrammar
}

type Twist<A> = (codec: Subject<A>, settings: Settings) => Partial<Subject<A>>

export const whole = <A>(codec: Subject<A>): Subject<A> => ({
  decode: (bytes) => codec.decode(bytes),
  decodeAt: (bytes, at) => codec.decodeAt(bytes, at),
  encode: (value) => codec.encode(value),
  size: (value) => codec.size(value),
})

export const fault = <A>(title: string, grammar: Grammar<A>, subject: SubjectOf<A>): Fault => ({
  title,
  grammar,
  run: (check) => check(grammar, subject),
})

/** A correct codec with some of its functions replaced. */
export const twisted = <A>(title: string, grammar: Grammar<A>, twist: Twist<A>): Fault =>
  fault(title, grammar, (_, given, settings) => {
    const codec = compile(grammar, given, settings)
    return { ...whole<A>(codec), ...twist(codec, settings) }
  })

/** A codec of another grammar than it is said to be of. */
export const instead = <A>(title: string, grammar: Grammar<A>, other: Grammar<A>): Fault =>
  fault(title, grammar, (_, given, settings) => compile(other, given, settings))

/** Other settings than it is said to have. */
export const withSettings = <A>(
  title: string,
  grammar: Grammar<A>,
  change: (settings: Settings) => Settings,
): Fault => fault(title, grammar, (_, given, settings) => compile(grammar, given, change(settings)))

export const reading = <A>(title: string, grammar: Grammar<A>, change: (value: A) => A): Fault =>
  twisted(title, grammar, (codec) => ({
    decode: (bytes) => map(change)(codec.decode(bytes)),
    decodeAt: (bytes, at) =>
      pipe(
        codec.decodeAt(bytes, at),
        map((read) => ({ ...read, value: change(read.value) })),
      ),
  }))

export const writing = <A>(title: string, grammar: Grammar<A>, change: (value: A) => A): Fault =>
  twisted(title, grammar, (codec) => ({ encode: (value) => codec.encode(change(value)) }))

export const writingBytes = <A>(
  title: string,
  grammar: Grammar<A>,
  change: (bytes: Uint8Array) => Uint8Array,
): Fault => twisted(title, grammar, (codec) => ({ encode: (value) => map(change)(codec.encode(value)) }))

export const refusing = <A>(title: string, grammar: Grammar<A>, change: (issue: Issue) => Issue): Fault =>
  twisted(title, grammar, (codec) => ({
    decode: (bytes) => {
      const read = codec.decode(bytes)
      return isLeft(read) ? left(change(read.left)) : read
    },
    decodeAt: (bytes, at) => {
      const read = codec.decodeAt(bytes, at)
      return isLeft(read) ? left(change(read.left)) : read
    },
  }))

/** Where the codec refuses with this tag the bytes are mended, and read again. */
export const forgiving = <A>(
  title: string,
  grammar: Grammar<A>,
  tag: Issue['_tag'],
  mend: (bytes: Uint8Array, issue: Issue) => Uint8Array,
): Fault =>
  twisted(title, grammar, (codec) => {
    const again = <R>(bytes: Uint8Array, read: (bytes: Uint8Array) => R & { readonly left?: Issue }): R => {
      let outcome = read(bytes)
      for (let i = 0; i < 16 && outcome.left?._tag === tag; i++) {
        outcome = read(mend(bytes, outcome.left))
      }
      return outcome
    }
    return {
      decode: (bytes) => again(Uint8Array.from(bytes), (each) => codec.decode(each)),
      decodeAt: (bytes, at) => again(Uint8Array.from(bytes), (each) => codec.decodeAt(each, at)),
    }
  })
