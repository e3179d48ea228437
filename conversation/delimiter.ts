import type { Issue } from '../combinators/issue.js'
import type { Protocol } from '../combinators/protocol.js'
import { type Plans, plansFor } from '../interpreters/compile/resumable.js'
import { expectOnly } from './checks/facts.js'
import { factsOf } from './checks/facts-of.js'
import { expectWhole } from './checks/whole.js'
import { expectName, expectSide, flowNode } from './expect.js'
import type { AnyFlow } from './flow.js'
import { Ear } from './machine/ear.js'
import { Meter } from './machine/meter.js'
import { run } from './machine/run.js'
import { type Exit, type Host, rootScope } from './machine/scope.js'
import { Task } from './machine/talk.js'
import type { Delimiter, Delimiting, FlowNode, Side } from './node.js'

/**
 * A delimiter for raw bytes that follow a flow of one side: the bytes end where the flow ends. Use it to pass such
 * bytes on without decoding their messages.
 *
 * ```ts
 * import { bytesOf } from 'nix-wire'
 * import { bool32, utf8 } from 'nix-wire/combinators'
 * import { again, blob, branch, endOf, loop, nothing, says, sequence } from 'nix-wire/conversation'
 *
 * const leaf = sequence(says('client', 'leaf', utf8), again('leaves'))
 * const leaves = loop(
 *   'leaves',
 *   sequence(says('client', 'more', bool32), branch('more', { more: [true, leaf], end: [false, nothing] })),
 * )
 * const delimiter = endOf('leaves', 'client', leaves)
 * delimiter.open(0, {}).push(bytesOf('0100000000000000 0100000000000000 7400000000000000 0000000000000000 99'))
 * // => { used: 32, over: true }
 * blob('client', 'bag', delimiter)
 * ```
 *
 * @throws TypeError for messages of the other side in the flow, and for an incomplete flow.
 */
export const endOf = (name: string, side: Side, flow: AnyFlow): Delimiter => {
  expectName('the name of a delimiter', name)
  expectSide(`the side of ${name}`, side)
  const node = flowNode(`the flow of ${name}`, flow)
  expectWhole(node)
  expectOnly(name, side, factsOf(node))
  const delimiter: Delimiter = { name, open: (offset, agreed) => new FlowEnd(node, side, offset, agreed) }
  flows.set(delimiter, node)
  return delimiter
}

const flows = new WeakMap<Delimiter, FlowNode>()

/** The flow whose end a delimiter looks for; null for those of another kind. */
export const flowOfEnd = (delimiter: Delimiter): FlowNode | null => flows.get(delimiter) ?? null

/** Looks for the end of a flow. */
class FlowEnd implements Delimiting {
  readonly #ear: Ear
  readonly #offset: number
  readonly #task: Task<Exit>

  constructor(node: FlowNode, side: Side, offset: number, agreed: Partial<Protocol>) {
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

/** Hears, and tells nobody. */
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
    // What is said is known when the bytes have passed.
  }

  leaves(): void {
    // Nor how it was left.
  }

  rests(): void {
    // Nor when the next turn begins.
  }

  tellBroken(): void {
    // The next push returns it.
  }

  meter(): Meter {
    return new Meter(null)
  }
}
