import { isLeft } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import type { ChoiceNode, ResolvedNode, SequenceNode, StructNode } from '../../combinators/node.js'
import { viewOf } from '../../combinators/view.js'
import type { Written } from './layout.js'
import type { Edit, Message } from './message.js'

type Fields = { readonly [key: string | number]: unknown }

/** The effect on a value of another one in place of a part of it. */
type Outcome = 'same' | 'refused' | { readonly value: unknown }

/** Whether all views around an edited part accept the value that is then read in its place. */
export const isTaken = (message: Message, edit: Edit, value: unknown): boolean => {
  let part = edit.target
  let now = value
  for (let around = message.parentOf(part); around !== null; around = message.parentOf(around)) {
    const outcome = valueWith(message, edit, around, part, now)
    if (typeof outcome === 'string') {
      return outcome === 'same'
    }
    part = around
    now = outcome.value
  }
  return true
}

const valueWith = (message: Message, edit: Edit, around: Written, part: Written, now: unknown): Outcome => {
  const { node } = around
  const valueIn = (each: Written): unknown => (each === part ? now : each.value)
  switch (node._tag) {
    case 'struct':
      return structWith(node, around, part, now)
    case 'sequence':
      return { value: collected(node, around.parts.filter(isItem).map(valueIn)) }
    case 'until':
      return { value: around.parts.filter(isItem).map(valueIn) }
    case 'choice':
      return part.role === 'tag' ? 'same' : { value: caseWith(node, around.value, now) }
    case 'span':
      return { value: { value: now, bytes: message.bytesOf(around, edit) } }
    case 'imap': {
      const viewed = viewOf(node).from(now)
      return isLeft(viewed) ? 'refused' : { value: viewed.right }
    }
    default:
      return { value: now }
  }
}

const isItem = ({ role }: Written): boolean => role === 'value'

/** The value of a fixed field is not in the value of the struct. */
const structWith = (
  { shape, fields }: StructNode<ResolvedNode>,
  { parts, value }: Written,
  part: Written,
  now: unknown,
): Outcome => {
  const field = fields[parts.indexOf(part)]
  if (field === undefined || field.fixed !== undefined) {
    return 'same'
  }
  return {
    value:
      shape === 'tuple'
        ? (value as ReadonlyArray<unknown>).map((each, i) => (i === field.key ? now : each))
        : { ...(value as Fields), [field.key]: now },
  }
}

const collected = (node: SequenceNode<ResolvedNode>, values: ReadonlyArray<unknown>): unknown =>
  node.kind === 'map'
    ? new Map(values.flatMap((key, i) => (i % 2 === 0 ? [[key, values[i + 1]] as const] : [])))
    : values

const caseWith = ({ shape }: ChoiceNode<ResolvedNode>, value: unknown, now: unknown): unknown =>
  shape._tag === 'option'
    ? some(now)
    : shape._tag === 'tagged'
      ? { ...(value as Fields), ...(now as Fields) }
      : now
