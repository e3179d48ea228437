import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectBytes } from '../bytes/byte-array.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { checkOptions } from '../combinators/options.js'
import type { Protocol } from '../combinators/protocol.js'
import { type CompileOptions, type Plans, plansFor } from '../interpreters/compile/resumable.js'
import { agreedOf } from './agreed.js'
import { expectDone, type MockFailure, mockIssue, scriptedIssue } from './mock-failure.js'
import { type MockOptions, mockOptions } from './mock-options.js'
import { type Display, ValueWriter } from './nix-write.js'
import { type Primitive, primitivesOf } from './primitives.js'

type Step = Expected & { readonly result: Either<Issue, void> }

type Expected =
  | { readonly operation: 'writeNumber'; readonly value: bigint }
  | { readonly operation: 'writeSlice' | 'writeRaw'; readonly value: Uint8Array }
  | { readonly operation: 'writeDisplay'; readonly value: string }

/**
 * A writer for tests: script it with the operations that the code under test will write, in order. A value of a
 * grammar writes one operation for each of its primitives: an integer or a count is a number, padded bytes are a
 * slice, and a text is a display or a slice, whichever the script has.
 *
 * ```ts
 * import { listOf, utf8 } from 'nix-wire'
 * import { MockWriter } from 'nix-wire/stream'
 *
 * const mock = new MockWriter().number(1n).display('hello')
 * await mock.promises.writeValue(listOf(utf8), ['hello'])
 * mock.done() // throws where operations are left
 * ```
 *
 * Anything but the next operation of the script is a `SinkFailed` issue whose `cause` is a {@link MockFailure}.
 */
export class MockWriter extends ValueWriter {
  readonly #steps: Array<Step> = []
  readonly #options: CompileOptions
  #plans: Plans
  #offset = 0

  constructor(options: MockOptions = {}) {
    super()
    checkOptions('MockWriter', mockOptions, options)
    const { protocol = {}, ...rest } = options
    this.#options = rest
    this.#plans = plansFor(protocol, rest)
  }

  /** The protocol for writing grammars of Nix. Other grammars may have other defaults. */
  get protocol(): Protocol {
    return agreedOf(this.#plans)
  }

  get offset(): number {
    return this.#offset
  }

  setProtocol(given: Partial<Protocol>): this {
    this.#plans = plansFor({ ...this.#plans.protocol, ...given }, this.#options)
    return this
  }

  /** Scripts an integer. */
  number(value: bigint): this {
    return this.#script({ operation: 'writeNumber', value }, right(undefined))
  }

  /** Scripts padded bytes. */
  slice(value: Uint8Array): this {
    return this.#script({ operation: 'writeSlice', value: copyOf(value) }, right(undefined))
  }

  /** Scripts a text, or an object with `toString`. */
  display(value: Display): this {
    return this.#script({ operation: 'writeDisplay', value: shown(value) }, right(undefined))
  }

  /** Scripts bytes without length and padding. */
  raw(value: Uint8Array): this {
    return this.#script({ operation: 'writeRaw', value: copyOf(value) }, right(undefined))
  }

  /** Scripts an integer whose writing fails. */
  numberError(value: bigint, error: Issue | Error): this {
    return this.#script({ operation: 'writeNumber', value }, left(scriptedIssue('SinkFailed', error)))
  }

  /** Scripts padded bytes whose writing fails. */
  sliceError(value: Uint8Array, error: Issue | Error): this {
    const step = { operation: 'writeSlice', value: copyOf(value) } as const
    return this.#script(step, left(scriptedIssue('SinkFailed', error)))
  }

  /** Scripts a text, or an object with `toString`, whose writing fails. */
  displayError(value: Display, error: Issue | Error): this {
    const step = { operation: 'writeDisplay', value: shown(value) } as const
    return this.#script(step, left(scriptedIssue('SinkFailed', error)))
  }

  /** Checks that the script is over. @throws Error if operations are left. */
  done(): void {
    expectDone(this.#steps)
  }

  writeValue<A>(grammar: Grammar<A>, value: A): TaskEither<Issue, void> {
    return async () => {
      let primitives: Either<Issue, ReadonlyArray<Primitive>> = right([])
      const written = this.#plans.write(grammar, value, (bytes) => {
        primitives = primitivesOf(this.#plans, grammar, bytes)
      })
      if (isLeft(written)) {
        return written
      }
      return isLeft(primitives) ? primitives : this.#make(primitives.right)
    }
  }

  /** Does nothing: a mock has no buffer. */
  flush(): TaskEither<Issue, void> {
    return async () => right(undefined)
  }

  protected writeText(text: string): TaskEither<Issue, void> {
    return async () => this.#call({ operation: 'writeDisplay', value: text })
  }

  #make(primitives: ReadonlyArray<Primitive>): Either<Issue, void> {
    for (const primitive of primitives) {
      const made = this.#call(this.#operationOf(primitive))
      if (isLeft(made)) {
        return made
      }
      this.#offset += primitive.size
    }
    return right(undefined)
  }

  #operationOf({ wire, value }: Primitive): Expected {
    if (typeof value === 'bigint') {
      return { operation: 'writeNumber', value }
    }
    if (wire === 'raw') {
      return { operation: 'writeRaw', value }
    }
    return wire === 'text' && this.#steps[0]?.operation === 'writeDisplay'
      ? { operation: 'writeDisplay', value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(value) }
      : { operation: 'writeSlice', value }
  }

  #call(actual: Expected): Either<Issue, void> {
    const step = this.#steps.shift()
    if (step === undefined) {
      return this.#refuse({ _tag: 'ExtraCall', actual: actual.operation })
    }
    if (step.operation !== actual.operation) {
      return this.#refuse({ _tag: 'WrongCall', expected: step.operation, actual: actual.operation })
    }
    return sameValue(step.value, actual.value) ? step.result : this.#refuse(unexpected(actual))
  }

  #refuse(failure: MockFailure): Either<Issue, never> {
    return left(mockIssue('SinkFailed', this.#offset, failure))
  }

  #script(expected: Expected, result: Either<Issue, void>): this {
    this.#steps.push({ ...expected, result })
    return this
  }
}

const copyOf = (bytes: Uint8Array): Uint8Array => {
  expectBytes('what a mock is scripted with', bytes)
  return bytes.slice()
}

const shown = (value: Display): string => (typeof value === 'function' ? value() : value.toString())

const sameValue = (a: Expected['value'], b: Expected['value']): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array
    ? a.length === b.length && a.every((byte, i) => byte === b[i])
    : a === b

const unexpected = (actual: Expected): MockFailure => {
  switch (actual.operation) {
    case 'writeNumber':
      return { _tag: 'UnexpectedNumber', actual: actual.value }
    case 'writeDisplay':
      return { _tag: 'UnexpectedDisplay', actual: actual.value }
    case 'writeSlice':
    case 'writeRaw':
      return { _tag: 'UnexpectedBytes', actual: actual.value }
  }
}
