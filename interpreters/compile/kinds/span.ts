import type { ResolvedNode, SpanNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import type { Input } from '../input.js'
import type { Builder, Plan } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'
import { unrepresentable } from './collections.js'

/** A value, and the bytes it was read from. On the wire it is only the value. */
export const spanPlan = (node: SpanNode<ResolvedNode>, { plan: planOf }: Builder): Plan => {
  const inner = planOf(node.inner)
  const plan: Plan = {
    ...inner,
    name: node.name ?? inner.name,
    read: (input) => {
      const start = input.base + input.pos
      let value: unknown
      try {
        value = inner.read(input)
      } catch (error) {
        throw stopReading(input, error, plan, inner, [], start)
      }
      return { value, bytes: bytesSince(input, start) }
    },
    resume: (input, start, value) => ({ value, bytes: bytesSince(input, start as number) }),
    write: (output, given) => {
      if (typeof given !== 'object' || given === null) {
        unrepresentable(output, words.valueAndBytes, given)
      }
      let child: Plan | null = null
      try {
        const value = valueIn(given)
        child = inner
        inner.write(output, value)
      } catch (error) {
        throw stopWriting(output, error, plan, child, [])
      }
    },
    compare: (a, b) => inner.compare(valueIn(a), valueIn(b)),
    primitive: false,
    word: undefined,
    wantsBytes: true,
  }
  return plan
}

const valueIn = (given: unknown): unknown => (given as { readonly value: unknown }).value

/**
 * A copy of the bytes read since an offset. A value that came in pieces is still available, as its reader requested.
 */
const bytesSince = ({ bytes, base, pos }: Input, start: number): Uint8Array =>
  Uint8Array.prototype.slice.call(bytes, start - base, pos)
