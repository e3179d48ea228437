import { isLeft, left } from 'fp-ts/lib/Either.js'
import { type FieldPath, type Issue, showIssue } from '../combinators/issue.js'
import type { Profile } from '../combinators/limits.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { type Codec, compile } from '../interpreters/compile/index.js'
import { dissect, type Part } from '../interpreters/dissect/index.js'
import { type Json, toJson, toJsonAsItIs } from '../interpreters/json/index.js'
import { type JsonForm, jsonInForm, meantInForm } from './json-form.js'

/** The format of inputs: a grammar under one protocol, read in one profile. */
export class Format<A> {
  readonly grammar: Grammar<A>
  readonly protocol: Protocol
  readonly profile: Profile
  readonly compatible: Codec<A>
  readonly canonical: Codec<A>
  readonly #form: JsonForm | null

  /** Values are compared as JSON of this package, or in another form of JSON. */
  constructor(grammar: Grammar<A>, protocol: Protocol, profile: Profile, form: JsonForm | null = null) {
    this.grammar = grammar
    this.protocol = protocol
    this.profile = profile
    this.compatible = compile(grammar, protocol)
    this.canonical = compile(grammar, protocol, { profile: 'canonical' })
    this.#form = form
  }

  /** The codec that decides what is right. */
  get codec(): Codec<A> {
    return this.profile === 'canonical' ? this.canonical : this.compatible
  }

  /** @throws Error for an invalid value of a generator. */
  bytesOf(value: A): Uint8Array {
    return expected(this.compatible.encode(value))
  }

  /** Null for a value without JSON in the form of the run. */
  jsonOf(value: A): Json | null {
    return this.#form === null
      ? expected(toJson(this.grammar, this.protocol, value))
      : jsonInForm(this.#form, value)
  }

  /** The JSON of a value that a target has read; an invalid value is shown as it is. */
  jsonOfRead(read: unknown): Json {
    const json = this.#form === null ? null : jsonInForm(this.#form, read)
    if (json !== null) {
      return json
    }
    const { grammar, protocol } = this
    const right = toJson(grammar, protocol, read as A)
    return isLeft(right) ? toJsonAsItIs(grammar, protocol, read as A) : right.right
  }

  /**
   * JSON for an encoder, with the value that it represents and its bytes; null if a value has no such JSON.
   */
  toEncode(value: A): { readonly json: Json; readonly value: A; readonly bytes: Uint8Array } | null {
    const json = this.jsonOf(value)
    if (json === null) {
      return null
    }
    const meant = this.#form === null ? { value } : meantInForm(this.#form, json)
    const bytes = meant === null ? left(null) : this.compatible.encode(meant.value as A)
    return meant === null || isLeft(bytes) ? null : { json, value: meant.value as A, bytes: bytes.right }
  }

  /** Whether the value of a message can be compared. */
  isComparable(bytes: Uint8Array): boolean {
    if (this.#form === null) {
      return true
    }
    const value = this.codec.decode(bytes)
    return isLeft(value) || this.jsonOf(value.right) !== null
  }

  /** The parts of a message, each before those inside it. */
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

/** A place in a grammar: any item of a list is `[]`. */
export const placeOf = (path: FieldPath): string =>
  path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[]` : place === '' ? step : `${place}.${step}`),
    '',
  )
