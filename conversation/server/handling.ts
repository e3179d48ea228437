import type { Either, Left, Right } from 'fp-ts/lib/Either.js'
import { expectObject } from '../../combinators/expect.js'
import { show } from '../../combinators/show.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import { ConversationError } from '../line/interruption.js'
import { goesOnWith, type Shape, shapeOf } from '../line/shape.js'
import { valueAt } from '../machine/scope.js'
import { Bell, type Wait } from '../machine/talk.js'
import type { Case, Label, SaysNode } from '../node.js'

/** A handler, whatever its types. */
export type AnyHandler = (heard: unknown, say: unknown, context: unknown) => unknown

/** A notice of a handler that has not been sent yet. */
export interface ToTell {
  readonly value: unknown
  readonly done: () => void
  readonly failed: (reason: unknown) => void
}

/** How a handler ended: with a failure of the flow, with an error, or with a source of its answer that failed. */
type Failed =
  | { readonly _tag: 'said'; readonly value: unknown }
  | { readonly _tag: 'thrown' | 'broken'; readonly thrown: unknown }

/** One turn of a server: its messages, and the handler that answers it. */
export class Handling {
  readonly chosen: Case
  readonly shape: Shape
  /** The messages of the client. */
  readonly heard: Record<string, unknown> = {}
  /** The uploads. */
  readonly incoming: Array<Incoming> = []
  /** Rings when the handler has a notice or has ended. */
  readonly bell = new Bell()
  /** The result of the handler. */
  result: Given | null = null
  failed: Failed | null = null
  /** The encoded forms of the result, as far as they were needed before they are due. */
  forms: ReadonlyMap<SaysNode, Uint8Array> | null = null
  readonly #queue: Array<ToTell & { readonly key: string }> = []
  readonly #ring: (bell: Bell) => void
  #isBegun = false
  #over: { readonly reason: unknown } | null = null

  constructor(chosen: Case, ring: (bell: Bell) => void) {
    this.chosen = chosen
    this.shape = shapeOf(chosen.flow)
    this.#ring = ring
    for (const key of this.shape.often.client) {
      this.heard[key] = []
    }
  }

  get isBegun(): boolean {
    return this.#isBegun
  }

  get isRunning(): boolean {
    return this.result === null && this.failed === null
  }

  /** Whether it has a notice to send. */
  get tells(): boolean {
    return this.#queue.length > 0
  }

  /** Waits until it has a notice or has ended; `asks`: or requests more of an upload. */
  waits(asks: boolean): ReadonlyArray<Wait> {
    return asks
      ? [...this.bell.next(), ...this.incoming.flatMap(({ bell }) => bell.next())]
      : this.bell.next()
  }

  /** Calls the handler. One that answers synchronously is not awaited. */
  begin(handler: AnyHandler | undefined, context: unknown): void {
    this.#isBegun = true
    try {
      if (handler === undefined) {
        throw new Error(`${this.chosen.name} is not offered here`)
      }
      const answer = handler(this.heard, this.#say, context)
      if (isThenable(answer)) {
        answer.then(this.#answeredLater, this.#threwLater)
      } else {
        this.#answered(answer)
      }
    } catch (thrown) {
      this.fail(thrown)
    }
  }

  readonly #answeredLater = (answer: unknown): void => {
    try {
      this.#answered(answer)
    } catch (thrown) {
      this.fail(thrown)
    }
    this.#ring(this.bell)
  }

  readonly #threwLater = (thrown: unknown): void => {
    this.fail(thrown)
    this.#ring(this.bell)
  }

  next(key: string): ToTell | null {
    if (this.#queue[0]?.key === key) {
      return this.#queue.shift() ?? null
    }
    const at = this.#queue.findIndex((each) => each.key === key)
    return at < 0 ? null : (this.#queue.splice(at, 1)[0] ?? null)
  }

  /** It failed, or its message cannot be sent. */
  fail(thrown: unknown): void {
    this.#fail({ _tag: 'thrown', thrown })
  }

  /** A source in its answer failed. */
  breakOff(thrown: unknown): void {
    this.#fail({ _tag: 'broken', thrown })
  }

  /** Its result is no longer wanted. */
  end(reason: unknown): void {
    this.#over = { reason }
    for (const { failed } of this.#queue.splice(0)) {
      failed(new ConversationError(reason))
    }
  }

  /** @throws TypeError for an answer that is no Either, or not an object of messages. */
  #answered(given: unknown): void {
    const answer = given as Partial<Either<unknown, unknown>> | null | undefined
    const what = `the handler of ${this.chosen.name}`
    if (answer?._tag === 'Left') {
      this.#fail({ _tag: 'said', value: (answer as Left<unknown>).left })
      return
    }
    if (answer?._tag !== 'Right') {
      throw new TypeError(`${what} must return right({ … }) or left(failure), not ${show(given)}`)
    }
    const messages = (answer as Right<unknown>).right ?? {}
    expectObject(`the answer of ${what}`, messages)
    this.result = new Given(messages as { readonly [key: string]: unknown }, this.chosen.flow)
  }

  #fail(failed: Failed): void {
    this.result = null
    this.failed = failed
    for (const each of this.incoming) {
      each.discard()
    }
  }

  get #say(): { readonly [key: string]: (value: unknown) => Promise<void> } {
    const say: Record<string, (value: unknown) => Promise<void>> = {}
    for (const key of this.shape.told) {
      say[key] = (value) => this.#tell(key, value)
    }
    return say
  }

  #tell(key: string, value: unknown): Promise<void> {
    this.#expectGoesOn(key, value)
    const said = new Promise<void>((resolve, reject) => {
      if (this.#over !== null && this.isRunning) {
        reject(new ConversationError(this.#over.reason))
      } else if (this.isRunning) {
        this.#queue.push({ key, value, done: resolve, failed: reject })
        this.#ring(this.bell)
      } else {
        resolve()
      }
    })
    // A handler that does not await it need not see its failure.
    said.catch(() => undefined)
    return said
  }

  /** @throws TypeError for a notice that ends the notices, or that only the flow sends. */
  #expectGoesOn(key: string, value: unknown): void {
    const telling = this.shape.tellings.get(key)
    if (telling !== undefined) {
      const label = valueAt(value, telling.branch.on) as Label
      if (telling.branch.cases.has(label) && goesOnWith(telling, label) === null) {
        throw new TypeError(
          `the case ${String(label)} ends the loop: a handler returns it as its result and does not send it with ${key}`,
        )
      }
    }
  }
}

const isThenable = (given: unknown): given is PromiseLike<unknown> =>
  typeof given === 'object' && given !== null && 'then' in given && typeof given.then === 'function'
