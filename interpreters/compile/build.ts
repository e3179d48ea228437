import { type AnyGrammar, type LazyNode, nodeName, type ResolvedNode } from '../../combinators/node.js'
import { resolved } from '../../combinators/resolved.js'
import { choicePlan } from './kinds/choice.js'
import { framedPlan } from './kinds/framed.js'
import { imapPlan } from './kinds/imap.js'
import { lazyPlan } from './kinds/lazy.js'
import { listPlan } from './kinds/list.js'
import { mapPlan } from './kinds/map.js'
import { purePlan } from './kinds/pure.js'
import { spanPlan } from './kinds/span.js'
import { structPlan } from './kinds/struct.js'
import { untilPlan } from './kinds/until.js'
import { boolLeaf } from './leaves/bool.js'
import { bytesLeaf } from './leaves/bytes.js'
import { intLeaf } from './leaves/int.js'
import { leafPlan } from './leaves/leaf.js'
import { textLeaf } from './leaves/text.js'
import type { Settings } from './options.js'
import type { Builder, Plan } from './plan.js'

/**
 * Makes the plan of a grammar under one protocol. Its gates are decided here, so that the kinds of nodes need not know
 * them.
 */
export const buildPlan = (grammar: AnyGrammar, settings: Settings): Plan =>
  new Rooms(settings).plan(resolved(grammar, settings.protocol).node)

class Rooms implements Builder {
  readonly settings: Settings
  /** Recursion meets the same lazy node again; its plan must be the same too. */
  readonly #lazy = new Map<LazyNode<ResolvedNode>, Plan>()
  /** The plans of parts that end with the message or with frames. */
  readonly #last: Rooms
  /** The plans of all other parts. */
  #inner: Rooms | undefined

  constructor(settings: Settings, last?: Rooms) {
    this.settings = settings
    this.#last = last ?? this
  }

  get followed(): boolean {
    return this.#last !== this
  }

  readonly inner = (node: ResolvedNode): Plan => {
    this.#inner ??= this.followed ? this : new Rooms(this.settings, this)
    return this.#inner.plan(node)
  }

  readonly framed = (node: ResolvedNode): Plan => this.#last.plan(node)

  readonly plan = (node: ResolvedNode): Plan => {
    const { canonical, limits } = this.settings
    switch (node._tag) {
      case 'int':
        return leafPlan(nodeName(node), intLeaf(node, canonical))
      case 'bool':
        return leafPlan(nodeName(node), boolLeaf(node, canonical))
      case 'bytes':
        return leafPlan(nodeName(node), bytesLeaf(node, limits))
      case 'text':
        return leafPlan(nodeName(node), textLeaf(node, this.settings))
      case 'struct':
        return structPlan(node, this)
      case 'sequence':
        return node.kind === 'map' ? mapPlan(node, this) : listPlan(node, this)
      case 'choice':
        return choicePlan(node, this)
      case 'pure':
        return purePlan(node, this)
      case 'lazy': {
        const plan = this.#lazy.get(node) ?? lazyPlan(node, this)
        this.#lazy.set(node, plan)
        return plan
      }
      case 'imap':
        return imapPlan(node, this)
      case 'until':
        return untilPlan(node, this)
      case 'framed':
        return framedPlan(node, this)
      case 'span':
        return spanPlan(node, this)
    }
  }
}
