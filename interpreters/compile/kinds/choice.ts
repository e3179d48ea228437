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
  /** The property that holds the case's name, where the shape is `tagged`. */
  readonly key: string
  readonly open: boolean
  readonly byTag: ReadonlyMap<unknown, Case>
  readonly byName: ReadonlyMap<unknown, Case>
}

interface Case {
  readonly name: string
  /** As the tag's values are: a number, a bigint or a string. */
  readonly tag: number | bigint | string
  /** What an option's first case is: none. */
  readonly absent: boolean
  readonly body: Plan | null
}

/** A tag that says what follows: an enumeration, an option or a tagged union. */
export const choicePlan = (node: ChoiceNode<ResolvedNode>, builder: Builder): Plan => {
  const name = nodeName(node)
  const mark = builder.plan(node.tag)
  const choice = choiceOf(node, builder)
  const { shape, byTag } = choice
  const least = [...byTag.values()].reduce(
    (fewest, { body }) => Math.min(fewest, body?.min ?? 0),
    node.open ? 0 : Number.POSITIVE_INFINITY,
  )
  const tagSteps: Steps = shape === 'tagged' ? [choice.key] : []
  const bodySteps: Steps = []
  const read: Resume = (input) => {
    const offset = input.base + input.pos
    let found: Case | null = null
    let body: Plan | null = null
    try {
      const tag = mark.read(input)
      found = caseOfTag(input, choice, tag, offset)
      if (found === null) {
        return tag
      }
      body = found.body
      return valueAs(choice, found, body === null ? undefined : body.read(input))
    } catch (error) {
      throw stopReading(input, error, plan, body, body === null ? tagSteps : bodySteps, found)
    }
  }
  const write: Write = (output, value) => {
    let steps = tagSteps
    let body: Plan | null = null
    try {
      const found = caseOfValue(output, choice, value)
      mark.write(output, found === null ? value : found.tag)
      steps = bodySteps
      if (found !== null && found.body !== null) {
        const inner = bodyOf(choice, value)
        body = found.body
        body.write(output, inner)
      }
    } catch (error) {
      throw stopWriting(output, error, plan, body, steps)
    }
  }
  /** The body whose tag stands here. */
  const bodyAt = (input: Input): Plan | null => byTag.get(mark.read(input))?.body ?? null
  const plan: Plan = {
    name,
    min: mark.min + least,
    wire: mark.wire,
    read,
    // Where it was the tag that lacked bytes, it is read again.
    resume: (input, kept, body) => (kept === null ? read(input) : valueAs(choice, kept as Case, body)),
    write,
    compare: (a, b) => {
      const [x, y] = [knownCase(choice, a), knownCase(choice, b)]
      const order = mark.compare(x === undefined ? a : x.tag, y === undefined ? b : y.tag)
      const body = x?.body ?? null
      return order !== 0 || body === null ? order : body.compare(bodyOf(choice, a), bodyOf(choice, b))
    },
    compareWritten: (x, y) => {
      const [a, b] = [mark.read(x), mark.read(y)]
      const body = byTag.get(a)?.body ?? null
      return mark.compare(a, b) || (body === null ? 0 : body.compareWritten(x, y))
    },
    skip: (input) => bodyAt(input)?.skip(input),
    primitive: shape === 'enum',
  }
  return plan
}

const choiceOf = (node: ChoiceNode<ResolvedNode>, builder: Builder): Choice => {
  const { shape, tag, open } = node
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
    }),
  )
  return {
    shape: shape._tag,
    key: shape._tag === 'tagged' ? shape.key : '',
    open,
    byTag: new Map(cases.map((each) => [each.tag, each])),
    byName: new Map(cases.map((each) => [each.name, each])),
  }
}

/** The case of a tag; null for an unknown one in an open choice. */
const caseOfTag = (
  input: Input,
  { byTag, byName, open }: Choice,
  tag: unknown,
  offset: number,
): Case | null => {
  const found = byTag.get(tag)
  if (found !== undefined || open) {
    return found ?? null
  }
  return refuse(input, 'UnknownTag', offset, words.oneOfCases({ cases: byName.values() }), show(tag))
}

const valueAs = ({ shape }: Choice, { name, absent, body }: Case, value: unknown): unknown => {
  switch (shape) {
    case 'enum':
      return name
    case 'tagged':
      return value
    case 'option':
      return absent ? none : some(body === null ? name : value)
  }
}

/** The case of a value; null for a number that has no name. */
const caseOfValue = (output: Output, choice: Choice, value: unknown): Case | null => {
  const found = knownCase(choice, value)
  if (found !== undefined) {
    return found
  }
  const { open, byTag, byName } = choice
  if (open && typeof value === 'number') {
    const named = byTag.get(value)
    return named === undefined ? null : unrepresentable(output, words.theName(named.name), value)
  }
  const expected = words.oneOfNames(byName.keys(), open)
  return unrepresentable(output, expected, nameIn(choice, value) ?? value)
}

type Fields = { readonly [key: string]: unknown }

/** The case that a value belongs to; undefined for a number that has no name, and for what is no value at all. */
const knownCase = ({ shape, key, byName }: Choice, value: unknown): Case | undefined => {
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
  // Without a body the name is the value, and `Some` may be a name like any other.
  const found = present !== undefined && present.body !== null ? present : byName.get(option.value)
  return found?.absent === true ? undefined : found
}

const bodyOf = ({ shape }: Choice, value: unknown): unknown =>
  shape === 'option' ? (value as { readonly value: unknown }).value : value

/** What stands where the name of a case should. */
const nameIn = ({ shape, key }: Choice, value: unknown): unknown => {
  if (shape === 'enum' || typeof value !== 'object' || value === null) {
    return undefined
  }
  const fields = value as Fields
  return shape === 'tagged' ? fields[key] : fields._tag === 'Some' ? fields.value : fields._tag
}
