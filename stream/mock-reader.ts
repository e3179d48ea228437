import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js'
import { none, type Option, some } from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expectBytes } from '../bytes/byte-array.js'
import type { Issue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { checkOptions } from '../combinators/options.js'
import { paddedBytes } from '../combinators/primitives/bytes.js'
import { u64 } from '../combinators/primitives/int.js'
import type { Protocol } from '../combinators/protocol.js'
import {
  type CompileOptions,
  Input,
  type Plans,
  plansFor,
  type Reading,
} from '../interpreters/compile/resumable.js'
import { agreedOf } from './agreed.js'
import { expectDone, type MockOperation, mockIssue, readOperation, scriptedIssue } from './mock-failure.js'
import { type MockOptions, mockOptions } from './mock-options.js'
import { ValueReader } from './nix-read.js'

interface Step {
  readonly operation: MockOperation
  /** The bytes on the wire that the operation reads, or its failure. */
  readonly wire: Uint8Array | Issue
}

/**
 * A reader for tests: script it with the operations that the code under test will read, in order. A value of a
 * grammar reads one operation for each of its primitives: an integer or a count is a number, a text is bytes.
 *
 * ```ts
 * import { listOf, utf8 } from 'nix-wire'
 * import { MockReader } from 'nix-wire/stream'
 *
 * const mock = new MockReader().number(1n).bytes(new TextEncoder().encode('hello'))
 * await mock.promises.readValue(listOf(utf8)) // => ['hello']
 * mock.done() // throws where operations are left
 * ```
 *
 * A grammar that reads to the end of the message takes all remaining operations.
 *
 * A call that is not the next one of the script is a `SourceFailed` issue whose `cause` is a {@link MockFailure}. The
 * end of the script is the end of the stream: none, or `UnexpectedEnd`.
 */
export class MockReader extends ValueReader {
  readonly #steps: Array<Step> = []
  readonly #options: CompileOptions
  #plans: Plans

  constructor(options: MockOptions = {}) {
    super()
    checkOptions('MockReader', mockOptions, options)
    const { protocol = {}, ...rest } = options
    this.#options = rest
    this.#plans = plansFor(protocol, rest)
  }

  /** The protocol for reading grammars of Nix. Other grammars may have other defaults. */
  get protocol(): Protocol {
    return agreedOf(this.#plans)
  }

  setProtocol(given: Partial<Protocol>): this {
    this.#plans = plansFor({ ...this.#plans.protocol, ...given }, this.#options)
    return this
  }

  /** Scripts an integer. */
  number(value: bigint): this {
    return this.#script('readNumber', this.#wireOf(u64, value))
  }

  /** Scripts padded bytes; a text is read from them too. */
  bytes(value: Uint8Array): this {
    return this.#script('readBytes', this.#wireOf(paddedBytes, value))
  }

  /** Scripts bytes without length and padding. */
  raw(value: Uint8Array): this {
    expectBytes('what a mock is scripted with', value)
    return this.#script('readRaw', value.slice())
  }

  /** Scripts a failure for reading an integer. */
  numberError(error: Issue | Error): this {
    return this.#script('readNumber', scriptedIssue('SourceFailed', error))
  }

  /** Scripts a failure for reading padded bytes. */
  bytesError(error: Issue | Error): this {
    return this.#script('readBytes', scriptedIssue('SourceFailed', error))
  }

  /** Checks that the script is over. @throws Error if operations are left. */
  done(): void {
    expectDone(this.#steps)
  }

  readValue<A>(grammar: Grammar<A>): TaskEither<Issue, A> {
    return async () => {
      const input = new Input()
      const reading = this.#plans.read(grammar, input)
      for (let read = reading.next(); ; read = reading.next()) {
        if (read !== null) {
          return read
        }
        const step = this.#steps.shift()
        if (step === undefined) {
          return reading.end()
        }
        const fed = this.#feed(step, reading, input)
        if (isLeft(fed)) {
          return fed
        }
      }
    }
  }

  tryReadValue<A>(grammar: Grammar<A>): TaskEither<Issue, Option<A>> {
    return async () =>
      this.#steps.length === 0 ? right(none) : map((value: A) => some(value))(await this.readValue(grammar)())
  }

  /** Lets an operation answer what the reading asks for. */
  #feed(step: Step, reading: Reading<unknown>, input: Input): Either<Issue, void> {
    const { wire, offset } = reading.wanted
    // A frame begins with its length; if bytes of it are there, its length was read before.
    const actual = wire === 'frame' && input.unread === 0 ? 'readNumber' : readOperation(wire)
    if (step.operation !== actual) {
      return left(mockIssue('SourceFailed', offset, { _tag: 'WrongCall', expected: step.operation, actual }))
    }
    if (!(step.wire instanceof Uint8Array)) {
      return left(step.wire)
    }
    input.append(step.wire)
    return right(undefined)
  }

  #script(operation: MockOperation, wire: Uint8Array | Issue): this {
    this.#steps.push({ operation, wire })
    return this
  }

  /** @throws RangeError for what the wire has no form for. */
  #wireOf<A>(grammar: Grammar<A>, value: A): Uint8Array {
    let wire = new Uint8Array(0)
    const written = this.#plans.write(grammar, value, (bytes) => {
      wire = bytes.slice()
    })
    if (isLeft(written)) {
      throw new RangeError(`a mock cannot be scripted with ${String(value)}: ${written.left._tag}`)
    }
    return wire
  }
}
