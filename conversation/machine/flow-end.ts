import type { Issue } from '../../combinators/issue.js'
import type { Protocol } from '../../combinators/protocol.js'
import { type Plans, plansFor } from '../../interpreters/compile/resumable.js'
import type { Delimiting, FlowNode, Side } from '../node.js'
import { Ear } from './ear.js'
import { Meter } from './meter.js'
import { type Exit, type Host, rootScope, type Scope } from './scope.js'
import { type Talk, Task } from './talk.js'

/** Finds the end of a flow. */
export class FlowEnd implements Delimiting {
  readonly #ear: Ear
  readonly #offset: number
  readonly #task: Task<Exit>

  constructor(
    run: (node: FlowNode, scope: Scope) => Talk<Exit>,
    node: FlowNode,
    side: Side,
    offset: number,
    agreed: Partial<Protocol>,
  ) {
    this.#ear = new Ear(side)
    this.#offset = offset
    this.#task = new Task(run(node, rootScope(new Silent(agreed), { client: this.#ear, server: this.#ear })))
  }

  get keptFrom(): number {
    return this.#offset + this.#ear.since
  }

  get issuesFrom(): number {
    return this.#offset + this.#ear.named
  }

  push(chunk: Uint8Array): { readonly used: number; readonly over: boolean } | Issue {
    const { feed } = this.#ear
    feed.push(chunk)
    this.#task.advance()
    const { ending } = this.#task
    if (ending?._tag === 'Broken') {
      return this.#told(ending.by.issue)
    }
    const used = chunk.length - (ending === null ? 0 : feed.unread)
    feed.settle()
    return { used, over: ending !== null }
  }

  finish(): Issue {
    this.#ear.feed.end()
    this.#task.advance()
    const { ending } = this.#task
    if (ending?._tag !== 'Broken') {
      throw new Error('push after the end of the flow')
    }
    return this.#told(ending.by.issue)
  }

  #told(issue: Issue): Issue {
    return { ...issue, offset: this.#offset + issue.offset }
  }
}

/** Reads without reporting anything. */
class Silent implements Host {
  readonly isStrict = false
  readonly looksInside = true
  readonly pause = null
  plans: Plans

  constructor(agreed: Partial<Protocol>) {
    this.plans = plansFor(agreed, {})
  }

  agree(given: Partial<Protocol>): void {
    this.plans = plansFor({ ...this.plans.protocol, ...given }, {})
  }

  tell(): void {
    // The messages are not needed, only their end.
  }

  leaves(): void {
    // Nor is the way it was left.
  }

  rests(): void {
    // Nor is the beginning of the next turn.
  }

  tellBroken(): void {
    // The next push returns the issue.
  }

  meter(): Meter {
    return new Meter(null)
  }
}
