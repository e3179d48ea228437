import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { Given } from '../line/given.js'
import type { Incoming } from '../line/incoming.js'
import { ConversationError } from '../line/interruption.js'
import { goesOnWith, type Shape, shapeOf } from '../line/shape.js'
import { valueAt } from '../machine/scope.js'
import { Bell } from '../machine/talk.js'
import type { Case, Label } from '../node.js'

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
  readonly #queue: Array<ToTell & { readonly key: string }> = []
  readonly #ring: (bell: Bell) => void
  isBegun = false

  constructor(chosen: Case, ring: (bell: Bell) => void) {
    this.chosen = chosen
    this.shape = shapeOf(chosen.flow)
    this.#ring = ring
    for (const key of this.shape.often.client) {
      this.heard[key] = []
    }
  }

  get isRunning(): boolean {
    return this.result === null && this.failed === null
  }

  /** Calls the handler, the first time. */
  begin(handler: AnyHandler | undefined, context: unknown): void {
    if (!this.isBegun) {
      this.isBegun = true
      void this.#handle(handler, context)
    }
  }

  next(key: string): ToTell | null {
    const at = this.#queue.findIndex((each) => each.key === key)
    return at < 0 ? null : (this.#queue.splice(at, 1)[0] ?? null)
  }

  /** It cannot be said what it wants to have said. */
  fail(thrown: unknown): void {
    this.result = null
    this.failed = { _tag: 'thrown', thrown }
  }

  /** Nothing of it is wanted any more. */
  end(reason: unknown): void {
    for (const { failed } of this.#queue.splice(0)) {
      failed(new ConversationError(reason))
    }
  }

  async #handle(handler: AnyHandler | undefined, context: unknown): Promise<void> {
    const { name } = this.chosen
    try {
      if (handler === undefined) {
        throw new Error(`${name} is not offered here`)
      }
      const answer = (await handler(this.heard, this.#say, context)) as Either<unknown, object>
      if (isLeft(answer)) {
        this.failed = { _tag: 'said', value: answer.left }
      } else {
        this.result = new Given((answer.right ?? {}) as { readonly [key: string]: unknown }, this.chosen.flow)
      }
    } catch (thrown) {
      this.failed = { _tag: 'thrown', thrown }
    }
    if (this.failed !== null) {
      for (const each of this.incoming) {
        each.discard()
      }
    }
    this.#ring(this.bell)
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
      if (this.isRunning) {
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
          `a handler says with its result what ${String(label)} would say, not by telling ${key}`,
        )
      }
    }
  }
}
