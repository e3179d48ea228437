import { isLeft } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../bytes/equal.js'
import { enter } from './checks.js'
import type { Making } from './code.js'
import { faultMarker, isMistake, oneOf, recordThrown, refuse, refuseLimit, show } from './fault.js'
import { passOnWriting, writeFrames } from './frames.js'
import { bodyOf, knownCase } from './order.js'
import { Output } from './output.js'
import type {
  CasePlan,
  ChoicePlan,
  Count,
  FieldPlan,
  FramedPlan,
  ImapPlan,
  LazyPlan,
  ListPlan,
  MapPlan,
  Plan,
  PurePlan,
  StructPlan,
  UntilPlan,
  Write,
} from './plan.js'
import { overflowed } from './reporting.js'
import { type Ascends, ascendsOnWire, entriesWriter, itemsWriter } from './sequence-code.js'
import { partsOf, structWriter } from './struct-code.js'
import { ascendsByPlan, sortWritten } from './written-order.js'

/** The fast writer of a plan whose parts have theirs. */
export const writerOf = (plan: Plan, making: Making): Write => {
  switch (plan._tag) {
    case 'leaf':
      return plan.leaf.write
    case 'struct':
      return writeStruct(plan, making)
    case 'list':
      return plan.kind === 'set' ? writeSet(plan, making) : writeList(plan, making)
    case 'map':
      return writeMap(plan, making)
    case 'choice':
      return writeChoice(plan)
    case 'pure':
      return writePure(plan)
    case 'lazy':
      return writeLazy(plan)
    case 'imap':
      return writeImap(plan)
    case 'until':
      return writeUntil(plan)
    case 'framed':
      return writeFramed(plan)
  }
}

const unrepresentable = (output: Output, expected: string, value: unknown): never =>
  refuse(output, 'Unrepresentable', output.pos - output.start, expected, show(value))

const writeStruct = (plan: StructPlan, making: Making): Write =>
  structWriter(
    partsOf(plan),
    (output, value) => checkStruct(output, plan, value),
    plan.fields.map(fieldWriter),
    making,
  )

/** Refuses what has no fields to take, or a tuple of another length. */
export const checkStruct = (output: Output, { shape, fields }: StructPlan, value: unknown): void => {
  if (shape === 'record') {
    if (typeof value !== 'object' || value === null) {
      unrepresentable(output, 'an object', value)
    }
    return
  }
  const length = fields.reduce((sum, field) => sum + (field.fixed === null ? 1 : 0), 0)
  if (!Array.isArray(value) || value.length !== length) {
    unrepresentable(output, `an array of ${length}`, value)
  }
}

/** Writes a field's value; a fixed field writes its own. */
export const fieldWriter = ({ plan: { write }, fixed }: FieldPlan): Write =>
  fixed === null ? write : (output) => write(output, fixed.value)

/** The items of a list or set, in whatever order they are. */
export const expectItems = (output: Output, value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? value : unrepresentable(output, 'an array', value)

export const expectEntries = (output: Output, value: unknown): ReadonlyMap<unknown, unknown> =>
  value instanceof Map ? value : unrepresentable(output, 'a Map', value)

/** Refuses a collection whose items, written from `start` on, are not as many as were announced. */
export const refuseChanged = (output: Output, start: number, value: unknown): never => {
  const expected = 'a collection that does not change, and has as many items as it says'
  return refuse(output, 'Unrepresentable', start - output.start, expected, show(value))
}

/** `count` is what a value says of itself: a proxy or a subclass may say anything. */
export const writeCount = (output: Output, { node, limit }: Count, count: number): void => {
  if (!Number.isInteger(count) || count < 0) {
    unrepresentable(output, 'a collection with a count', count)
  }
  if (count > limit || count > Number(node.max)) {
    refuseLimit(
      output,
      'collection',
      Math.min(limit, Number(node.max)),
      output.pos - output.start,
      `${count} items`,
    )
  }
  output.reserve(8)
  output.view.setUint32(output.pos, count, true)
  output.view.setUint32(output.pos + 4, count / 4294967296, true)
  output.pos += 8
}

const writeList = ({ name, count, item: { write } }: ListPlan, making: Making): Write => {
  const writeItems = itemsWriter(name, write, null, making)
  return (output, value) => {
    const items = expectItems(output, value)
    const length: number = items.length
    const start = output.pos
    writeCount(output, count, length)
    writeItems(output, items, length)
    if (items.length !== length) {
      refuseChanged(output, start, value)
    }
  }
}

/** Written as given, which also checks each item; the bytes are moved where that was not the order. */
const writeSet = (plan: ListPlan, making: Making): Write => {
  const { name, count, item } = plan
  const ascends: Ascends =
    item._tag === 'leaf' && item.leaf.bytewise
      ? ascendsOnWire
      : (output, before, at) => ascendsByPlan(item, output, before, at)
  const writeItems = itemsWriter(name, item.write, ascends, making)
  return (output, value) => {
    const items = expectItems(output, value)
    const length: number = items.length
    const start = output.pos
    writeCount(output, count, length)
    const ascending = writeItems(output, items, length)
    if (items.length !== length) {
      refuseChanged(output, start, value)
    }
    if (!ascending) {
      putInOrder(output, plan, start + 8, length, (i) => items[i])
    }
  }
}

const writeMap = (plan: MapPlan, making: Making): Write => {
  const { name, count, key, item } = plan
  const ascends: Ascends =
    key._tag === 'leaf' && key.leaf.bytewise
      ? ascendsOnWire
      : (output, before, at) => ascendsByPlan(key, output, before, at)
  const writeEntries = entriesWriter(name, key.write, item.write, ascends, making)
  return (output, value) => {
    const entries = expectEntries(output, value)
    const size: number = entries.size
    const start = output.pos
    writeCount(output, count, size)
    const ascending = writeEntries(output, entries, size)
    if (ascending === null) {
      refuseChanged(output, start, value)
    } else if (!ascending) {
      putInOrder(output, plan, start + 8, size, (i) => keyAt(entries, i))
    }
  }
}

export const keyAt = (entries: ReadonlyMap<unknown, unknown>, index: number): unknown => {
  let left = index
  for (const key of entries.keys()) {
    if (left-- === 0) {
      return key
    }
  }
  return undefined
}

/** Puts the items that were written from `start` on into order; refuses one that is there twice. */
export const putInOrder = (
  output: Output,
  plan: ListPlan | MapPlan,
  start: number,
  count: number,
  itemAt: (index: number) => unknown,
  trail?: { readonly steps: Array<string | number> },
): void => {
  const twice = sortWritten(output, plan, start, count)
  if (twice !== null) {
    trail?.steps.push(twice)
    refuse(output, 'DuplicateKey', start - output.start, 'each item once', show(itemAt(twice)))
  }
}

const writeChoice =
  (plan: ChoicePlan): Write =>
  (output, value) => {
    const found = caseOfValue(output, plan, value)
    plan.tag.write(output, found === null ? value : found.tag)
    if (found !== null && found.body !== null) {
      found.body.write(output, bodyOf(plan, value))
    }
  }

/** The case of a value; null for a number that has no name. */
export const caseOfValue = (output: Output, plan: ChoicePlan, value: unknown): CasePlan | null => {
  const found = knownCase(plan, value)
  if (found !== undefined) {
    return found
  }
  if (plan.open && typeof value === 'number') {
    const named = plan.byTag.get(value)
    return named === undefined ? null : unrepresentable(output, `the name ${show(named.name)}`, value)
  }
  const expected = `${oneOf(plan.byName.keys(), show)}${plan.open ? ' or another number' : ''}`
  return unrepresentable(output, expected, nameIn(plan, value) ?? value)
}

/** What stands where the name of a case should. */
const nameIn = (plan: ChoicePlan, value: unknown): unknown => {
  if (plan.shape === 'enum' || typeof value !== 'object' || value === null) {
    return undefined
  }
  const fields = value as { readonly [key: string]: unknown }
  return plan.shape === 'tagged' ? fields[plan.key] : fields._tag === 'Some' ? fields.value : fields._tag
}

const writePure =
  ({ value }: PurePlan): Write =>
  (output, given) => {
    if (given !== value && !equalValues(given, value)) {
      unrepresentable(output, `${show(value)}, since this protocol does not send the field`, given)
    }
  }

const writeLazy = ({ limit, target }: LazyPlan): Write => {
  let write: Write | undefined
  return (output, value) => {
    write ??= target().write
    enter(output, limit, output.pos - output.start)
    write(output, value)
    output.depth--
  }
}

const writeImap =
  (plan: ImapPlan): Write =>
  (output, value) => {
    plan.inner.write(output, applyTo(output, plan, value))
  }

/** What `to` throws is an issue too: it was made for values of its type, and this may be none. */
export const applyTo = (output: Output, plan: ImapPlan, value: unknown): unknown => {
  const inner = plan.to(value)
  return isLeft(inner) ? unrepresentable(output, inner.left, value) : inner.right
}

/** How many items an `until` has; refuses more than a reader would take. */
export const expectFew = (
  output: Output,
  { limit }: UntilPlan,
  { length }: ReadonlyArray<unknown>,
): number => {
  if (!Number.isInteger(length) || length < 0) {
    unrepresentable(output, 'a collection with a count', length)
  }
  if (length > limit) {
    refuseLimit(output, 'collection', limit, output.pos - output.start, `${length} items`)
  }
  return length
}

const writeUntil =
  (plan: UntilPlan): Write =>
  (output, value) => {
    const items = expectItems(output, value)
    const count = expectFew(output, plan, items)
    const start = output.pos
    for (let i = 0; i < count; i++) {
      plan.mark.write(output, plan.next)
      plan.item.write(output, items[i])
    }
    if (items.length !== count) {
      refuseChanged(output, start, value)
    }
    plan.mark.write(output, plan.end)
  }

const writeFramed =
  (plan: FramedPlan): Write =>
  (output, value) => {
    writeInside(output, plan, (inner) => {
      plan.inner.write(inner, value)
    })
  }

/** Writes the content of frames elsewhere, then cuts it. */
export const writeInside = (
  output: Output,
  { contentLimit }: FramedPlan,
  write: (inner: Output) => void,
): void => {
  const inner = new Output()
  inner.openGrowing()
  inner.depth = output.depth
  inner.most = contentLimit
  try {
    write(inner)
  } catch (error) {
    if (error !== faultMarker) {
      if (isMistake(error) || overflowed(inner, error)) {
        throw error
      }
      recordThrown(inner, inner.pos, error)
    }
    if (inner.fault.limit === 'message' && inner.fault.tag === 'LimitExceeded') {
      refuseLimit(output, 'string', contentLimit, output.pos - output.start, 'more bytes in frames')
    }
    passOnWriting(output, inner)
  }
  if (inner.pos > contentLimit) {
    refuseLimit(output, 'string', contentLimit, output.pos - output.start, 'more bytes in frames')
  }
  writeFrames(output, inner.bytes.subarray(0, inner.pos))
}
