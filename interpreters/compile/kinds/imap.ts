import { isLeft } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../../bytes/equal.js'
import type { ImapNode, ResolvedNode } from '../../../combinators/node.js'
import { type View, viewOf } from '../../../combinators/view.js'
import * as words from '../../../combinators/words.js'
import { refuse, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Builder, Plan } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { unrepresentable } from './collections.js'

/** Another view of a value. What `to` refuses or throws is an issue: it was made for values of its type. */
export const imapPlan = (node: ImapNode<ResolvedNode>, { settings, plan: planOf }: Builder): Plan => {
  const inner = planOf(node.inner)
  const view = viewOf(node)
  const { to } = view
  const asOuter = (input: Input, value: unknown, offset: number): unknown =>
    outerOf(input, view, settings.canonical, value, offset)
  const plan: Plan = {
    ...inner,
    name: node.name ?? inner.name,
    read: (input) => {
      const offset = input.base + input.pos
      let value: unknown
      try {
        value = inner.read(input)
      } catch (error) {
        throw stopReading(input, error, plan, inner, [], offset)
      }
      return asOuter(input, value, offset)
    },
    resume: (input, offset, value) => asOuter(input, value, offset as number),
    write: (output, outer) => {
      const converted = to(outer)
      const value = isLeft(converted) ? unrepresentable(output, converted.left, outer) : converted.right
      try {
        inner.write(output, value)
      } catch (error) {
        throw stopWriting(output, error, plan, inner, [])
      }
    },
    compare: (a, b) => {
      const [x, y] = [to(a), to(b)]
      return isLeft(x) || isLeft(y) ? 0 : inner.compare(x.right, y.right)
    },
    primitive: false,
    bytewise: false,
    word: undefined,
  }
  return plan
}

/** `exact`: whether the value must be written as it was read. */
const outerOf = (
  input: Input,
  { from, to }: View,
  exact: boolean,
  inner: unknown,
  offset: number,
): unknown => {
  const outer = from(inner)
  if (isLeft(outer)) {
    return refuse(input, 'InvalidValue', offset, outer.left, show(inner))
  }
  if (exact) {
    const back = to(outer.right)
    if (isLeft(back) || !equalValues(back.right, inner)) {
      const expected = isLeft(back) ? back.left : words.asWritten
      refuse(input, 'NotCanonical', offset, expected, show(inner))
    }
  }
  return outer.right
}
