import { isLeft } from 'fp-ts/lib/Either.js'
import { type FieldPath, type Issue, showIssue } from '../combinators/issue.js'
import type { Profile } from '../combinators/limits.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { type Codec, compile } from '../interpreters/compile/index.js'
import { dissect, type Part } from '../interpreters/dissect/index.js'
import { type Json, toJson } from '../interpreters/json/index.js'

/** What inputs are made for: a grammar under one protocol, read in one profile. */
export class Format<A> {
  readonly grammar: Grammar<A>
  readonly protocol: Protocol
  readonly profile: Profile
  readonly compatible: Codec<A>
  readonly canonical: Codec<A>

  constructor(grammar: Grammar<A>, protocol: Protocol, profile: Profile) {
    this.grammar = grammar
    this.protocol = protocol
    this.profile = profile
    this.compatible = compile(grammar, protocol)
    this.canonical = compile(grammar, protocol, { profile: 'canonical' })
  }

  /** The codec that says what is right. */
  get codec(): Codec<A> {
    return this.profile === 'canonical' ? this.canonical : this.compatible
  }

  /** @throws Error for a value that a generator should not have made. */
  bytesOf(value: A): Uint8Array {
    return expected(this.compatible.encode(value))
  }

  jsonOf(value: A): Json {
    return expected(toJson(this.grammar, this.protocol, value))
  }

  /** What a message is made of, each part before those in it. */
  partsOf(bytes: Uint8Array): Iterable<Part> {
    const { tree } = dissect(this.grammar, this.protocol, bytes)
    return tree === null ? [] : within(tree)
  }
}

const expected = <B>(
  result: { readonly _tag: 'Left'; readonly left: Issue } | { readonly _tag: 'Right'; readonly right: B },
): B => {
  if (isLeft(result)) {
    throw new Error(`a sample that cannot be encoded: ${showIssue(result.left)}`)
  }
  return result.right
}

function* within(part: Part): Generator<Part> {
  yield part
  for (const each of part.parts) {
    yield* within(each)
  }
}

/** A place of a grammar: any item of a list is `[]`. */
export const placeOf = (path: FieldPath): string =>
  path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[]` : place === '' ? step : `${place}.${step}`),
    '',
  )
