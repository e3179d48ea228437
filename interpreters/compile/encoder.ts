import { isLeft } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../combinators/equal.js'
import { enter } from './checks.js'
import type { Making } from './code.js'
import { faultMarker, refuse, refuseLimit, show } from './fault.js'
import { passOnWriting, writeFrames } from './frames.js'
import { bodyOf, compareValues, knownCase } from './order.js'
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
import { type Ascends, ascendsOnWire, entriesWriter, itemsWriter, type KeyAscends } from './sequence-code.js'
import { partsOf, structWriter } from './struct-code.js'

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

export const writeCount = (output: Output, { node, limit }: Count, count: number): void => {
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
    writeCount(output, count, items.length)
    writeItems(output, items)
  }
}

/** Written as given, which also checks each item; written again in order where that was not the order. */
const writeSet = ({ name, count, item }: ListPlan, making: Making): Write => {
  const ascends: Ascends =
    item._tag === 'leaf' && item.leaf.bytewise
      ? ascendsOnWire
      : (_output, _before, _at, items, i) => compareValues(item, items[i - 1], items[i]) < 0
  const writeItems = itemsWriter(name, item.write, ascends, making)
  return (output, value) => {
    const items = expectItems(output, value)
    writeCount(output, count, items.length)
    const start = output.pos
    if (!writeItems(output, items)) {
      output.pos = start
      for (const each of sorted(output, item, items, (it) => it)) {
        item.write(output, each)
      }
    }
  }
}

const writeMap = ({ name, count, key, item }: MapPlan, making: Making): Write => {
  const ascends: KeyAscends =
    key._tag === 'leaf' && key.leaf.bytewise
      ? ascendsOnWire
      : (_output, _before, _at, before, k) => compareValues(key, before, k) < 0
  const writeEntries = entriesWriter(name, key.write, item.write, ascends, making)
  return (output, value) => {
    const entries = expectEntries(output, value)
    writeCount(output, count, entries.size)
    const start = output.pos
    if (!writeEntries(output, entries)) {
      output.pos = start
      for (const [k, v] of sorted(output, key, [...entries], ([each]) => each)) {
        key.write(output, k)
        item.write(output, v)
      }
    }
  }
}

/** Items in ascending order, each once; refuses duplicates. */
export const sorted = <T>(
  output: Output,
  plan: Plan,
  items: ReadonlyArray<T>,
  keyOf: (item: T) => unknown,
): ReadonlyArray<T> => {
  const ascending = [...items].sort((a, b) => compareValues(plan, keyOf(a), keyOf(b)))
  for (let i = 1; i < ascending.length; i++) {
    const key = keyOf(ascending[i]!)
    if (compareValues(plan, keyOf(ascending[i - 1]!), key) === 0) {
      refuse(output, 'DuplicateKey', output.pos - output.start, 'each item once', show(key))
    }
  }
  return ascending
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
  const names = [...plan.byName.keys()].map(show).join(', ')
  const expected = `one of ${names}${plan.open ? ' or another number' : ''}`
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

export const applyTo = (output: Output, plan: ImapPlan, value: unknown): unknown => {
  const inner = plan.to(value)
  return isLeft(inner) ? unrepresentable(output, inner.left, value) : inner.right
}

/** The items of an `until`; refuses more than a reader would take. */
export const expectFew = (output: Output, { limit }: UntilPlan, value: unknown): ReadonlyArray<unknown> => {
  const items = expectItems(output, value)
  if (items.length > limit) {
    refuseLimit(output, 'collection', limit, output.pos - output.start, `${items.length} items`)
  }
  return items
}

const writeUntil =
  (plan: UntilPlan): Write =>
  (output, value) => {
    for (const item of expectFew(output, plan, value)) {
      plan.mark.write(output, plan.next)
      plan.item.write(output, item)
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
  try {
    write(inner)
  } catch (error) {
    if (error !== faultMarker) {
      throw error
    }
    passOnWriting(output, inner)
  }
  if (inner.pos > contentLimit) {
    refuseLimit(output, 'string', contentLimit, output.pos - output.start, `${inner.pos} bytes in frames`)
  }
  writeFrames(output, inner.bytes.subarray(0, inner.pos))
}
