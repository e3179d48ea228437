import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import { ConversationError } from '../line/interruption.js'
import { goesOnWith, type Shape, shapeOf } from '../line/shape.js'
import { valueAt } from '../machine/scope.js'
import { Bell, type Wait } from '../machine/talk.js'
import type { Case, Label, SaysNode } from '../node.js'

/** A handler, whatever its types. */
export type AnyHandler = (heard: unknown, say: unknown, context: unknown) => unknown

/** What a handler tells on the way, until it is said. */
export interface ToTell {
  readonly value: unknown
  readonly done: () => void
  readonly failed: (reason: unknown) => void
}

/** How a handler ended: with a failure of the flow, or with what it threw. */
type Failed =
  | { readonly _tag: 'said'; readonly value: unknown }
  | { readonly _tag: 'thrown'; readonly thrown: unknown }

/** One turn of a server: what was heard in it, and the handler that answers it. */
export class Handling {
  readonly chosen: Case
  readonly shape: Shape
  /** What the client has said in it. */
  readonly heard: Record<string, unknown> = {}
  /** What flows in. */
  readonly incoming: Array<Incoming> = []
  /** Rings when the handler tells something or has ended. */
  readonly bell = new Bell()
  /** What it gave. */
  result: Given | null = null
  failed: Failed | null = null
  /** The forms of what it gave, as far as they were looked at before they are due. */
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

  /** Whether it has something to tell. */
  get tells(): boolean {
    return this.#queue.length > 0
  }

  /** Until it tells something or has ended; `asks`: or asks for more of what flows in. */
  waits(asks: boolean): ReadonlyArray<Wait> {
    return asks
      ? [...this.bell.next(), ...this.incoming.flatMap(({ bell }) => bell.next())]
      : this.bell.next()
  }

  /** Calls the handler. One that answers at once is waited for no longer than that. */
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

  /** It failed, or it cannot be said what it wants to have said. */
  fail(thrown: unknown): void {
    this.#fail({ _tag: 'thrown', thrown })
  }

  /** Nothing of it is wanted any more. */
  end(reason: unknown): void {
    this.#over = { reason }
    for (const { failed } of this.#queue.splice(0)) {
      failed(new ConversationError(reason))
    }
  }

  #answered(given: unknown): void {
    const answer = given as Either<unknown, object>
    if (isLeft(answer)) {
      this.#fail({ _tag: 'said', value: answer.left })
    } else {
      this.result = new Given((answer.right ?? {}) as { readonly [key: string]: unknown }, this.chosen.flow)
    }
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
    // One who does not wait for it need not hear that it failed.
    said.catch(() => undefined)
    return said
  }

  /** @throws TypeError for a word that ends the telling, or is the flow's own. */
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
