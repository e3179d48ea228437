import { isLeft } from 'fp-ts/lib/Either.js'
import { bytesBefore } from '../../../combinators/content.js'
import type { ImapNode, ResolvedNode } from '../../../combinators/node.js'
import { compareUnwritten } from '../../../combinators/order.js'
import { viewOf } from '../../../combinators/view.js'
import * as words from '../../../combinators/words.js'
import { sameValues } from '../../../combinators/written.js'
import { refuse, show } from '../fault.js'
import type { Input } from '../input.js'
import type { Builder, Plan } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { unrepresentable } from './collections.js'

/**
 * Another view of a value. If `to` rejects or throws, that is an issue: it expects values of its own type.
 */
export const imapPlan = (node: ImapNode<ResolvedNode>, { settings, plan: planOf }: Builder): Plan => {
  const inner = planOf(node.inner)
  const { from, to } = viewOf(node)
  const { canonical, protocol } = settings
  const before = bytesBefore(node.inner)
  const outerOf = (input: Input, value: unknown, start: number): unknown => {
    const offset = start + before
    const outer = from(value)
    if (isLeft(outer)) {
      return refuse(input, 'InvalidValue', offset, outer.left, show(value))
    }
    if (canonical) {
      const back = to(outer.right)
      if (isLeft(back) || !sameValues(node.inner, protocol, back.right, value)) {
        const expected = isLeft(back) ? back.left : words.asWritten
        refuse(input, 'NotCanonical', offset, expected, show(value))
      }
    }
    return outer.right
  }
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
      return outerOf(input, value, offset)
    },
    resume: (input, offset, value) => outerOf(input, value, offset as number),
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
      return isLeft(x) || isLeft(y) ? compareUnwritten(a, b) : inner.compare(x.right, y.right)
    },
    primitive: false,
    bytewise: false,
    wantsBytes: false,
    word: undefined,
  }
  return plan
}
