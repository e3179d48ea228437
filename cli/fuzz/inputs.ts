import { isRight } from 'fp-ts/lib/Either.js'
import { type Issue, showFieldPath } from '../../combinators/issue.js'
import { compile } from '../../interpreters/compile/index.js'
import { type Malformed, toMalformed } from '../../interpreters/malformed/index.js'
import { encoder, type Target } from '../sample/messages.js'

/** What a program must do with an input. */
export interface Expectation {
  readonly answer: 'accepts' | 'refuses'
  /** For people: why. */
  readonly why: string
  /** What inputs that show one and the same mistake have in common. */
  readonly signature: string
}

/** An input and what a program must do with it. */
export interface Input {
  readonly bytes: Uint8Array
  readonly expected: Expectation
}

const good: Expectation = { answer: 'accepts', why: 'the message is valid', signature: 'valid' }

const place = ({ offset, path }: { readonly offset: number; readonly path: Issue['path'] }): string =>
  `byte ${offset}, ${showFieldPath(path)}`

const brokenRule = ({ rule, issue }: Malformed): Expectation => ({
  answer: 'refuses',
  why: `one rule is broken: ${rule} (${issue.tag} at ${place(issue)})`,
  signature: rule,
})

/** Makes inputs of values, and says what is expected of any bytes. */
export class Inputs {
  readonly #target: Target
  readonly #encode: (value: unknown) => Uint8Array
  readonly #malformer
  readonly #compatible
  readonly #canonical

  constructor(target: Target) {
    this.#target = target
    this.#encode = encoder(target)
    this.#malformer = toMalformed(target.grammar, target.protocol)
    this.#compatible = compile(target.grammar, target.protocol)
    this.#canonical = compile(target.grammar, target.protocol, { profile: 'canonical' })
  }

  valid(value: unknown): Input {
    return { bytes: this.#encode(value), expected: good }
  }

  /** A message with one rule broken; null where the choice falls on a rule of the other profile. */
  malformed(value: unknown, choice: number): Input | null {
    const sample = this.#malformer.pick(value, choice)
    return sample !== null && this.#counts(sample)
      ? { bytes: sample.bytes, expected: brokenRule(sample) }
      : null
  }

  /** All the ways to break one rule in the message of a value. */
  *breaking(value: unknown, rule: string): Generator<Input> {
    for (const sample of this.#malformer.from(value)) {
      if (sample.rule === rule && this.#counts(sample)) {
        yield { bytes: sample.bytes, expected: brokenRule(sample) }
      }
    }
  }

  /** What is expected of any bytes; null where both answers are right. */
  judged(bytes: Uint8Array): Input | null {
    const canonical = this.#canonical.decode(bytes)
    if (isRight(canonical)) {
      return { bytes, expected: good }
    }
    const refusing = this.#target.profile === 'canonical' ? canonical : this.#compatible.decode(bytes)
    if (isRight(refusing)) {
      return null
    }
    const { _tag, grammar } = refusing.left
    const why = `${_tag} at ${place(refusing.left)}`
    return { bytes, expected: { answer: 'refuses', why, signature: `${_tag} in ${grammar}` } }
  }

  #counts({ profile }: Malformed): boolean {
    return profile === 'compatible' || this.#target.profile === 'canonical'
  }
}
