import { enter } from './checks.js'
import {
  applyTo,
  caseOfValue,
  checkStruct,
  expectEntries,
  expectFew,
  expectItems,
  fieldWriter,
  sorted,
  writeCount,
  writeInside,
} from './encoder.js'
import { bodyOf, compareValues } from './order.js'
import type { Output } from './output.js'
import type { MapPlan, Plan, StructPlan } from './plan.js'
import type { Trail } from './walk.js'

/**
 * The slow twin of the encoder: writes the same value with the same leaves and checks, and knows the path. It
 * throws where the fast writer threw.
 */
export const retrace = (plan: Plan, output: Output, value: unknown, trail: Trail): void => {
  const outer = trail.grammar
  trail.grammar = plan.name
  retraceNode(plan, output, value, trail)
  trail.grammar = outer
}

const retraceNode = (plan: Plan, output: Output, value: unknown, trail: Trail): void => {
  switch (plan._tag) {
    case 'leaf':
    case 'pure':
      plan.write(output, value)
      return
    case 'struct':
      retraceStruct(plan, output, value, trail)
      return
    case 'list': {
      const items = expectItems(output, value)
      writeCount(output, plan.count, items.length)
      const start = output.pos
      for (const [i, item] of items.entries()) {
        retraceStep(plan.item, output, item, trail, i)
      }
      if (plan.kind === 'set') {
        retraceOrder(plan.item, output, items, start, trail)
      }
      return
    }
    case 'map':
      retraceMap(plan, output, value, trail)
      return
    case 'choice': {
      if (plan.shape === 'tagged') {
        trail.steps.push(plan.key)
      }
      const found = caseOfValue(output, plan, value)
      plan.tag.write(output, found === null ? value : found.tag)
      if (plan.shape === 'tagged') {
        trail.steps.pop()
      }
      if (found !== null && found.body !== null) {
        retrace(found.body, output, bodyOf(plan, value), trail)
      }
      return
    }
    case 'lazy':
      enter(output, plan.limit, output.pos - output.start)
      retrace(plan.target(), output, value, trail)
      output.depth--
      return
    case 'imap':
      retrace(plan.inner, output, applyTo(output, plan, value), trail)
      return
    case 'until':
      for (const [i, item] of expectFew(output, plan, value).entries()) {
        plan.mark.write(output, plan.next)
        retraceStep(plan.item, output, item, trail, i)
      }
      plan.mark.write(output, plan.end)
      return
    case 'framed':
      writeInside(output, plan, (inner) => {
        retrace(plan.inner, inner, value, trail)
      })
      return
  }
}

const retraceStep = (
  plan: Plan,
  output: Output,
  value: unknown,
  trail: Trail,
  ...steps: ReadonlyArray<string | number>
): void => {
  trail.steps.push(...steps)
  retrace(plan, output, value, trail)
  trail.steps.length -= steps.length
}

const retraceStruct = (plan: StructPlan, output: Output, value: unknown, trail: Trail): void => {
  checkStruct(output, plan, value)
  for (const field of plan.fields) {
    if (field.fixed === null) {
      const given = (value as { readonly [key: string | number]: unknown })[field.key]
      retraceStep(field.plan, output, given, trail, field.key)
    } else {
      trail.steps.push(field.key)
      fieldWriter(field)(output, undefined)
      trail.steps.pop()
    }
  }
}

const retraceMap = (plan: MapPlan, output: Output, value: unknown, trail: Trail): void => {
  const entries = expectEntries(output, value)
  writeCount(output, plan.count, entries.size)
  const start = output.pos
  let i = 0
  for (const [key, item] of entries) {
    retraceStep(plan.key, output, key, trail, i, 'key')
    retraceStep(plan.item, output, item, trail, i, 'value')
    i++
  }
  retraceOrder(plan.key, output, [...entries.keys()], start, trail)
}

/** Sorting comes after writing, and refuses at the start of the items; the path names the one that is there twice. */
const retraceOrder = (
  plan: Plan,
  output: Output,
  items: ReadonlyArray<unknown>,
  start: number,
  trail: Trail,
): void => {
  const end = output.pos
  output.pos = start
  const order = items.map((_, i) => i).sort((a, b) => compareValues(plan, items[a], items[b]))
  const twice = order.find(
    (index, i) => i > 0 && compareValues(plan, items[order[i - 1]!], items[index]) === 0,
  )
  if (twice !== undefined) {
    trail.steps.push(twice)
  }
  sorted(output, plan, items, (item) => item)
  output.pos = end
}
