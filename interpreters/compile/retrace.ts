import { enter } from './checks.js'
import {
  applyTo,
  caseOfValue,
  checkStruct,
  expectEntries,
  expectFew,
  expectItems,
  fieldWriter,
  keyAt,
  putInOrder,
  refuseChanged,
  writeCount,
  writeInside,
} from './encoder.js'
import { faultMarker, isMistake, refuseThrown } from './fault.js'
import { positionIn } from './frames.js'
import { bodyOf } from './order.js'
import type { Output } from './output.js'
import type { ChoicePlan, FramedPlan, ListPlan, MapPlan, Plan, StructPlan, UntilPlan } from './plan.js'
import { overflowed } from './reporting.js'
import type { Trail } from './walk.js'

/**
 * The slow twin of the encoder: writes the same value with the same leaves and checks, and knows the path. It
 * refuses where the fast writer refused, and where a value throws when it is looked at.
 */
export const retrace = (plan: Plan, output: Output, value: unknown, trail: Trail): void => {
  const outer = trail.grammar
  trail.grammar = plan.name
  trail.enter(output.pos - output.start)
  try {
    retraceNode(plan, output, value, trail)
  } catch (error) {
    if (error === faultMarker || isMistake(error) || overflowed(output, error)) {
      throw error
    }
    refuseThrown(output, output.pos - output.start, error)
  }
  trail.grammar = outer
}

const retraceNode = (plan: Plan, output: Output, value: unknown, trail: Trail): void => {
  const at = output.pos
  switch (plan._tag) {
    case 'leaf':
    case 'pure':
      plan.write(output, value)
      output.checkSize(at)
      return
    case 'struct':
      retraceStruct(plan, output, value, trail)
      return
    case 'list':
      retraceList(plan, output, value, trail)
      return
    case 'map':
      retraceMap(plan, output, value, trail)
      return
    case 'choice':
      retraceChoice(plan, output, value, trail)
      return
    case 'lazy':
      enter(output, plan.limit, output.pos - output.start)
      retrace(plan.target(), output, value, trail)
      output.depth--
      return
    case 'imap':
      retrace(plan.inner, output, applyTo(output, plan, value), trail)
      return
    case 'until':
      retraceUntil(plan, output, value, trail)
      return
    case 'framed':
      retraceFramed(plan, output, value, trail)
      output.checkSize(at)
      return
  }
}

const retraceStep = (
  plan: Plan,
  output: Output,
  value: unknown,
  trail: Trail,
  step: string | number,
): void => {
  trail.steps.push(step)
  retrace(plan, output, value, trail)
  trail.steps.pop()
}

/** The same for a property; where that throws, the path leads to it. */
const retraceProperty = (
  plan: Plan,
  output: Output,
  value: unknown,
  trail: Trail,
  key: string | number,
): void => {
  trail.steps.push(key)
  trail.enter(output.pos - output.start)
  retrace(plan, output, (value as { readonly [key: string | number]: unknown })[key], trail)
  trail.steps.pop()
}

const retraceStruct = (plan: StructPlan, output: Output, value: unknown, trail: Trail): void => {
  checkStruct(output, plan, value)
  for (const field of plan.fields) {
    if (field.fixed === null) {
      retraceProperty(field.plan, output, value, trail, field.key)
    } else {
      const at = output.pos
      trail.steps.push(field.key)
      fieldWriter(field)(output, undefined)
      output.checkSize(at)
      trail.steps.pop()
    }
  }
}

const retraceList = (plan: ListPlan, output: Output, value: unknown, trail: Trail): void => {
  const items = expectItems(output, value)
  const length: number = items.length
  const start = output.pos
  writeCount(output, plan.count, length)
  output.checkSize(start)
  for (let i = 0; i < length; i++) {
    retraceProperty(plan.item, output, items, trail, i)
  }
  if (items.length !== length) {
    refuseChanged(output, start, value)
  }
  if (plan.kind === 'set') {
    putInOrder(output, plan, start + 8, length, (i) => items[i], trail)
  }
}

const retraceMap = (plan: MapPlan, output: Output, value: unknown, trail: Trail): void => {
  const entries = expectEntries(output, value)
  const size: number = entries.size
  const start = output.pos
  writeCount(output, plan.count, size)
  output.checkSize(start)
  let i = 0
  for (const [key, item] of entries) {
    if (i === size) {
      refuseChanged(output, start, value)
    }
    trail.steps.push(i)
    retraceStep(plan.key, output, key, trail, 'key')
    retraceStep(plan.item, output, item, trail, 'value')
    trail.steps.pop()
    i++
  }
  if (i !== size) {
    refuseChanged(output, start, value)
  }
  putInOrder(output, plan, start + 8, size, (index) => keyAt(entries, index), trail)
}

const retraceChoice = (plan: ChoicePlan, output: Output, value: unknown, trail: Trail): void => {
  const at = output.pos
  const tagged = plan.shape === 'tagged'
  if (tagged) {
    trail.steps.push(plan.key)
  }
  const found = caseOfValue(output, plan, value)
  plan.tag.write(output, found === null ? value : found.tag)
  output.checkSize(at)
  if (tagged) {
    trail.steps.pop()
  }
  if (found !== null && found.body !== null) {
    retrace(found.body, output, bodyOf(plan, value), trail)
  }
}

const retraceUntil = (plan: UntilPlan, output: Output, value: unknown, trail: Trail): void => {
  const items = expectItems(output, value)
  const count = expectFew(output, plan, items)
  const start = output.pos
  for (let i = 0; i <= count; i++) {
    const at = output.pos
    if (i === count && items.length !== count) {
      refuseChanged(output, start, value)
    }
    trail.steps.push(i)
    plan.mark.write(output, i < count ? plan.next : plan.end)
    output.checkSize(at)
    trail.steps.pop()
    if (i < count) {
      retraceProperty(plan.item, output, items, trail, i)
    }
  }
}

const retraceFramed = (plan: FramedPlan, output: Output, value: unknown, trail: Trail): void => {
  const { sought } = trail
  const depth = trail.steps.length
  // Offsets in frames are counted from their start.
  trail.sought = positionIn(sought - (output.pos - output.start))
  try {
    writeInside(output, plan, (inner) => {
      retrace(plan.inner, inner, value, trail)
    })
  } catch (error) {
    if (output.fault.offset === output.pos - output.start) {
      // All of the frames are refused, and not a part inside.
      trail.steps.length = depth
      trail.grammar = plan.name
    }
    throw error
  }
  trail.sought = sought
}
