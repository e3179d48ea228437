import { holds } from '../../combinators/gate.js'
import {
  type ChoiceNode,
  type FramedNode,
  type ImapNode,
  type IntNode,
  type LazyNode,
  type Node,
  nodeName,
  type SequenceNode,
  type StructNode,
  type TextNode,
  type UntilNode,
} from '../../combinators/node.js'
import { readerOf } from './decoder.js'
import { writerOf } from './encoder.js'
import { mistake } from './fault.js'
import { bytesLeaf } from './leaves/bytes.js'
import { boolLeaf, intLeaf } from './leaves/int.js'
import { textLeaf } from './leaves/text.js'
import type { Settings } from './options.js'
import type {
  CasePlan,
  ChoicePlan,
  Count,
  FieldPlan,
  FramedPlan,
  ImapPlan,
  LazyPlan,
  Leaf,
  LeafPlan,
  Plan,
  StructPlan,
  UntilPlan,
} from './plan.js'
import { partsOf, structBuilder } from './struct-code.js'

const unset = (): never => {
  throw new Error('a plan was used before it was wired')
}
const unwired = { read: unset, write: unset }

/** Makes the plan of a grammar under one protocol. */
export const buildPlan = (node: Node, settings: Settings): Plan => new Builder(settings).plan(node)

class Builder {
  readonly #settings: Settings
  /** Recursion meets the same lazy node again; its plan must be the same too. */
  readonly #lazy = new Map<LazyNode, LazyPlan>()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  plan(node: Node): Plan {
    const { protocol, canonical, limits } = this.#settings
    switch (node._tag) {
      case 'int':
        return this.#leaf(node, intLeaf(node, canonical))
      case 'bool':
        return this.#leaf(node, boolLeaf(node, canonical))
      case 'bytes':
        return this.#leaf(node, bytesLeaf(node, limits))
      case 'text':
        return this.#leaf(node, textLeaf(node, this.#settings))
      case 'struct':
        return this.#struct(node, null)
      case 'sequence':
        return this.#sequence(node)
      case 'choice':
        return this.#choice(node)
      case 'gated': {
        const arm = node.arms.find(({ gate }) => holds(gate, protocol))
        const chosen = arm === undefined ? node.otherwise : arm.node
        return this.plan(node.name === undefined ? chosen : { ...chosen, name: node.name })
      }
      case 'pure':
        return this.#wire({ ...unwired, _tag: 'pure', name: nodeName(node), min: 0, value: node.value })
      case 'lazy':
        return this.#lazyPlan(node)
      case 'imap':
        return this.#imap(node)
      case 'until':
        return this.#until(node)
      case 'framed':
        return this.#framed(node)
    }
  }

  #wire<P extends Plan>(plan: P): P {
    plan.read = readerOf(plan, this.#settings)
    plan.write = writerOf(plan, this.#settings)
    return plan
  }

  #leaf(node: Node, leaf: Leaf): LeafPlan {
    return this.#wire({ ...unwired, _tag: 'leaf', name: nodeName(node), min: leaf.min, leaf })
  }

  #struct(node: StructNode, constant: StructPlan['constant']): StructPlan {
    const fields = node.fields.map(
      ({ key, node: field, fixed }): FieldPlan => ({
        key,
        plan: this.plan(field),
        fixed:
          fixed === undefined
            ? null
            : { value: fixed.value, ignored: fixed.ignored && !this.#settings.canonical },
      }),
    )
    const min = fields.reduce((sum, field) => sum + field.plan.min, 0)
    const name = nodeName(node)
    return this.#wire({
      ...unwired,
      _tag: 'struct',
      name,
      min,
      shape: node.shape,
      constant,
      fields,
      build: structBuilder(partsOf({ name, shape: node.shape, constant, fields }), this.#settings),
    })
  }

  #sequence(node: SequenceNode): Plan {
    const { canonical } = this.#settings
    const item = this.plan(node.item)
    const name = nodeName(node)
    if (node.kind !== 'map') {
      const count = this.#count(node.count, item.min, name)
      const ordered = canonical && node.kind === 'set'
      return this.#wire({ ...unwired, _tag: 'list', name, min: 8, kind: node.kind, count, ordered, item })
    }
    const key = this.plan(node.key)
    const count = this.#count(node.count, key.min + item.min, name)
    const { duplicates } = node
    return this.#wire({
      ...unwired,
      _tag: 'map',
      name,
      min: 8,
      count,
      ordered: canonical,
      key,
      item,
      duplicates,
    })
  }

  #count(node: IntNode, each: number, name: string): Count {
    if (each === 0) {
      throw new TypeError(`the items of ${name} take no bytes: a few bytes could announce any number of them`)
    }
    return { node, limit: this.#settings.limits.collection, each }
  }

  #choice(node: ChoiceNode): ChoicePlan {
    const cases = node.cases.map((each, i): CasePlan => {
      const absent = node.shape._tag === 'option' && i === 0
      const tag = node.tag._tag === 'int' && node.tag.value === 'number' ? Number(each.tag) : each.tag
      return { name: each.name, tag, absent, body: this.#body(node, each.name, each.body) }
    })
    const bodies = cases.map(({ body }) => (body === null ? 0 : body.min))
    const least = node.open ? 0 : bodies.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const tag = this.#mark(node.tag)
    return this.#wire({
      ...unwired,
      _tag: 'choice',
      name: nodeName(node),
      min: tag.min + least,
      tag,
      shape: node.shape._tag,
      key: node.shape._tag === 'tagged' ? node.shape.key : '',
      open: node.open,
      byTag: new Map(cases.map((each) => [each.tag, each])),
      byName: new Map(cases.map((each) => [each.name, each])),
    })
  }

  /** What says what follows is a leaf. */
  #mark(node: IntNode | TextNode): LeafPlan {
    const leaf =
      node._tag === 'int' ? intLeaf(node, this.#settings.canonical) : textLeaf(node, this.#settings)
    return this.#leaf(node, leaf)
  }

  #body({ shape }: ChoiceNode, name: string, body: Node | undefined): Plan | null {
    if (body === undefined) {
      return null
    }
    return shape._tag === 'tagged' && body._tag === 'struct'
      ? this.#struct(body, { key: shape.key, value: name })
      : this.plan(body)
  }

  #lazyPlan(node: LazyNode): LazyPlan {
    const known = this.#lazy.get(node)
    if (known !== undefined) {
      return known
    }
    let target: Plan | undefined
    const plan: LazyPlan = {
      ...unwired,
      _tag: 'lazy',
      name: nodeName(node),
      min: 1,
      limit: this.#settings.limits.depth,
      target: () => {
        // Asked for on first use: a thunk may name what is defined further down.
        target ??= this.#targetOf(node)
        return target
      },
    }
    this.#lazy.set(node, plan)
    return this.#wire(plan)
  }

  #targetOf(node: LazyNode): Plan {
    try {
      const target = this.plan(node.get())
      if (target.min === 0) {
        throw new TypeError(`what a lazy grammar stands for (${target.name}) must take at least one byte`)
      }
      return target
    } catch (error) {
      throw mistake(error)
    }
  }

  #imap(node: ImapNode): ImapPlan {
    const inner = this.plan(node.inner)
    return this.#wire({
      ...unwired,
      _tag: 'imap',
      name: node.name ?? inner.name,
      min: inner.min,
      inner,
      from: node.from as ImapPlan['from'],
      to: node.to as ImapPlan['to'],
      exact: this.#settings.canonical,
    })
  }

  #until(node: UntilNode): UntilPlan {
    const mark = this.#mark(node.mark)
    return this.#wire({
      ...unwired,
      _tag: 'until',
      name: nodeName(node),
      min: mark.min,
      mark,
      next: node.next,
      end: node.end,
      item: this.plan(node.item),
      limit: this.#settings.limits.collection,
    })
  }

  #framed(node: FramedNode): FramedPlan {
    const { limits, canonical } = this.#settings
    return this.#wire({
      ...unwired,
      _tag: 'framed',
      name: nodeName(node),
      min: 8,
      inner: this.plan(node.inner),
      limit: limits.frame,
      contentLimit: limits.string,
      exact: canonical,
    })
  }
}
