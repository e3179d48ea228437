import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { equalValues } from '../../../bytes/equal.js'
import type { ImapNode } from '../../../combinators/node.js'
import { refuse, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Builder, Plan } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { unrepresentable } from './collections.js'

/** Another view of a value. What `to` refuses or throws is an issue: it was made for values of its type. */
export const imapPlan = (node: ImapNode, { settings, plan: planOf }: Builder): Plan => {
  const inner = planOf(node.inner)
  const view: View = {
    from: node.from as View['from'],
    to: node.to as View['to'],
    exact: settings.canonical,
  }
  const { to } = view
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
      return outerOf(input, view, value, offset)
    },
    resume: (input, offset, value) => outerOf(input, view, value, offset as number),
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

interface View {
  readonly from: (inner: unknown) => Either<string, unknown>
  readonly to: (outer: unknown) => Either<string, unknown>
  /** Whether a value must be written as it was read. */
  readonly exact: boolean
}

const outerOf = (input: Input, { from, to, exact }: View, inner: unknown, offset: number): unknown => {
  const outer = from(inner)
  if (isLeft(outer)) {
    return refuse(input, 'InvalidValue', offset, outer.left, show(inner))
  }
  if (exact) {
    const back = to(outer.right)
    if (isLeft(back) || !equalValues(back.right, inner)) {
      const expected = isLeft(back) ? back.left : 'the form that the encoder writes'
      refuse(input, 'NotCanonical', offset, expected, show(inner))
    }
  }
  return outer.right
}
