import type { Either } from 'fp-ts/lib/Either.js'
import type { Issue } from '../combinators/issue.js'
import type { Limits, Profile } from '../combinators/limits.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { compile } from '../interpreters/compile/index.js'

export interface Settings {
  readonly profile: Profile
  readonly limits: Partial<Limits>
}

/** What the laws test: a decoder and an encoder for one grammar under one protocol, such as a codec. */
export interface Subject<A> {
  decode(bytes: Uint8Array): Either<Issue, A>
  decodeAt(bytes: Uint8Array, at: number): Either<Issue, { readonly value: A; readonly next: number }>
  encode(value: A): Either<Issue, Uint8Array>
  size(value: A): number
}

/** Makes a subject for a protocol, a profile and limits. */
export type SubjectOf<A> = (grammar: Grammar<A>, given: Protocol, settings: Settings) => Subject<A>

export const compiled = <A>(grammar: Grammar<A>, given: Protocol, settings: Settings): Subject<A> =>
  compile(grammar, given, settings)
