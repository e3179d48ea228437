import { none, some } from 'fp-ts/lib/Option.js'
import { type ChoiceNode, nodeName, type ResolvedNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { refuse, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Output } from '../output.js'
import type { Builder, Plan, Resume, Write } from '../plan.js'
import { type Steps, stopReading, stopWriting } from '../stops.js'
import { unrepresentable } from './collections.js'
import { structPlan } from './struct.js'

interface Choice {
  readonly shape: 'enum' | 'option' | 'tagged'
  /** The property with the name of the case, if the shape is `tagged`. */
  readonly key: string
  readonly byTag: ReadonlyMap<unknown, Case>
  readonly byName: ReadonlyMap<unknown, Case>
  /** The case for every other tag. */
  readonly rest: Case | null
}

interface Case {
  readonly name: string
  /** The tag as a number, a bigint or a string; null for the case for every other tag. */
  readonly tag: number | bigint | string | null
  /** Whether it is none, the first case of an option. */
  readonly absent: boolean
  readonly body: Plan | null
  /** For the case of every other tag: the property with the tag; null if the tag itself is the value. */
  readonly tagKey: string | null
}

/** The case that was found, and its tag. */
interface Found {
  readonly case: Case
  readonly tag: unknown
}

/** A tag that decides what follows: an enumeration, an option or a tagged union. */
export const choicePlan = (node: ChoiceNode<ResolvedNode>, builder: Builder): Plan => {
  const name = nodeName(node)
  const mark = builder.plan(node.tag)
  const choice = choiceOf(node, builder)
  const { shape, byTag, rest } = choice
  const least = [...byTag.values(), ...(rest === null ? [] : [rest])].reduce(
    (fewest, { body }) => Math.min(fewest, body?.min ?? 0),
    Number.POSITIVE_INFINITY,
  )
  const tagSteps: Steps = shape === 'tagged' ? [choice.key] : []
  const otherTagSteps: Steps = typeof rest?.tagKey === 'string' ? [rest.tagKey] : []
  const bodySteps: Steps = []
  const read: Resume = (input) => {
    const offset = input.base + input.pos
    let tag: unknown
    let found: Case | null = null
    let body: Plan | null = null
    try {
      tag = mark.read(input)
      found = caseOfTag(input, choice, tag, offset)
      body = found.body
      return valueAs(choice, found, tag, body === null ? undefined : body.read(input))
    } catch (error) {
      const kept: Found | null = found === null ? null : { case: found, tag }
      throw stopReading(input, error, plan, body, body === null ? tagSteps : bodySteps, kept)
    }
  }
  const write: Write = (output, value) => {
    let steps = tagSteps
    let body: Plan | null = null
    try {
      const found = caseOfValue(output, choice, value)
      if (found.tag === null) {
        steps = otherTagSteps
        mark.write(output, otherTag(output, choice, found, value))
      } else {
        mark.write(output, found.tag)
      }
      steps = bodySteps
      if (found.body !== null) {
        const inner = bodyOf(choice, value)
        body = found.body
        body.write(output, inner)
      }
    } catch (error) {
      throw stopWriting(output, error, plan, body, steps)
    }
  }
  /** The body for a tag; null if the case has none. */
  const bodyAt = (tag: unknown): Plan | null => (byTag.get(tag) ?? rest)?.body ?? null
  const plan: Plan = {
    name,
    min: mark.min + least,
    wire: mark.wire,
    read,
    // If bytes of the tag were missing, it is read again.
    resume: (input, kept, body) => {
      const found = kept as Found | null
      return found === null ? read(input) : valueAs(choice, found.case, found.tag, body)
    },
    write,
    compare: (a, b) => {
      const [x, y] = [knownCase(choice, a), knownCase(choice, b)]
      const order = mark.compare(tagOf(x, a), tagOf(y, b))
      const body = x?.body ?? null
      return order !== 0 || body === null ? order : body.compare(bodyOf(choice, a), bodyOf(choice, b))
    },
    compareWritten: (x, y) => {
      const [a, b] = [mark.read(x), mark.read(y)]
      const body = bodyAt(a)
      return mark.compare(a, b) || (body === null ? 0 : body.compareWritten(x, y))
    },
    skip: (input) => bodyAt(mark.read(input))?.skip(input),
    primitive: shape === 'enum',
  }
  return plan
}

const choiceOf = (node: ChoiceNode<ResolvedNode>, builder: Builder): Choice => {
  const { shape, tag, rest } = node
  const cases = node.cases.map(
    (each, i): Case => ({
      name: each.name,
      tag: tag._tag === 'int' && tag.value === 'number' ? Number(each.tag) : each.tag,
      absent: shape._tag === 'option' && i === 0,
      body:
        each.body === undefined
          ? null
          : shape._tag === 'tagged' && each.body._tag === 'struct'
            ? structPlan(each.body, builder, { key: shape.key, value: each.name })
            : builder.plan(each.body),
      tagKey: null,
    }),
  )
  const other =
    typeof rest === 'object'
      ? { name: rest.name, tagKey: rest.key, body: builder.plan(rest.body) }
      : { name: '', tagKey: null, body: null }
  const last: Case | null = rest === undefined ? null : { ...other, tag: null, absent: false }
  const named = shape._tag === 'tagged' && last !== null ? [...cases, last] : cases
  return {
    shape: shape._tag,
    key: shape._tag === 'tagged' ? shape.key : '',
    byTag: new Map(cases.map((each) => [each.tag, each])),
    byName: new Map(named.map((each) => [each.name, each])),
    rest: last,
  }
}

const caseOfTag = (input: Input, { byTag, byName, rest }: Choice, tag: unknown, offset: number): Case => {
  const found = byTag.get(tag) ?? rest
  if (found !== null) {
    return found
  }
  return refuse(input, 'UnknownTag', offset, words.oneOfCases({ cases: byName.values() }), show(tag))
}

const valueAs = (
  { shape, key }: Choice,
  { name, tag: own, absent, body, tagKey }: Case,
  tag: unknown,
  value: unknown,
): unknown => {
  if (own === null) {
    return tagKey === null ? tag : { [key]: name, [tagKey]: tag, ...(value as Fields) }
  }
  switch (shape) {
    case 'enum':
      return name
    case 'tagged':
      return value
    case 'option':
      return absent ? none : some(body === null ? name : value)
  }
}

const caseOfValue = (output: Output, choice: Choice, value: unknown): Case => {
  const found = knownCase(choice, value)
  if (found !== undefined) {
    return found
  }
  const expected = words.oneOfNames(choice.byName.keys(), choice.rest?.tagKey === null)
  return unrepresentable(output, expected, nameIn(choice, value) ?? value)
}

/** The tag of a value that belongs to no named case; the tag of one would be read back as that case. */
const otherTag = (output: Output, { byTag }: Choice, found: Case, value: unknown): unknown => {
  const tag = tagOf(found, value)
  const named = byTag.get(tag)
  if (named === undefined) {
    return tag
  }
  const expected = found.tagKey === null ? words.theName(named.name) : words.tagOfNoCase(tag, named.name)
  return unrepresentable(output, expected, tag)
}

const tagOf = (found: Case | undefined, value: unknown): unknown =>
  found?.tag ?? (typeof found?.tagKey === 'string' ? (value as Fields)[found.tagKey] : value)

type Fields = { readonly [key: string]: unknown }

/** The case of a value; undefined for an invalid value. */
const knownCase = ({ shape, key, byName, rest }: Choice, value: unknown): Case | undefined => {
  if (typeof value === 'number' && rest?.tagKey === null) {
    return rest
  }
  if (shape === 'enum') {
    return byName.get(value)
  }
  if (typeof value !== 'object' || value === null) {
    return undefined
  }
  return shape === 'tagged' ? byName.get((value as Fields)[key]) : optionCase(byName, value as Fields)
}

const optionCase = (byName: Choice['byName'], option: Fields): Case | undefined => {
  if (option._tag !== 'Some') {
    return option._tag === 'None' ? byName.get('None') : undefined
  }
  const present = byName.get('Some')
  // If `Some` has no body, the value is the name itself, and `Some` is a name like any other.
  const found = present !== undefined && present.body !== null ? present : byName.get(option.value)
  return found?.absent === true ? undefined : found
}

const bodyOf = ({ shape }: Choice, value: unknown): unknown =>
  shape === 'option' ? (value as { readonly value: unknown }).value : value

/** The value in place of the name of a case. */
const nameIn = ({ shape, key }: Choice, value: unknown): unknown => {
  if (shape === 'enum' || typeof value !== 'object' || value === null) {
    return undefined
  }
  const fields = value as Fields
  return shape === 'tagged' ? fields[key] : fields._tag === 'Some' ? fields.value : fields._tag
}
