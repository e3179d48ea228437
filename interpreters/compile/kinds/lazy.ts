import { expectLazyEnds, expectTakesBytes } from '../../../combinators/ends.js'
import { expectFinite } from '../../../combinators/infinite.js'
import { type LazyNode, nodeName, type ResolvedNode } from '../../../combinators/node.js'
import * as words from '../../../combinators/words.js'
import { mistake, refuseLimit } from '../fault.js'
import type { Input } from '../input.js'
import type { Output } from '../output.js'
import type { Builder, Plan, Read, Write } from '../plan.js'
import { stopReading, stopWriting } from '../stops.js'

/** A node that is resolved later. It counts the depth of recursion. */
export const lazyPlan = (node: LazyNode<ResolvedNode>, builder: Builder): Plan => {
  const limit = builder.settings.limits.depth
  let known: Plan | undefined
  // Called on first use: a thunk may refer to something defined further down.
  const target = (): Plan => {
    known ??= targetOf(node, builder)
    return known
  }
  let read: Read | undefined
  let write: Write | undefined
  const plan: Plan = {
    name: nodeName(node),
    min: 1,
    wire: 'number',
    read: (input) => {
      read ??= target().read
      enter(input, limit, input.base + input.pos)
      let value: unknown
      try {
        value = read(input)
      } catch (error) {
        throw stopReading(input, error, plan, target(), [], null)
      }
      input.depth--
      return value
    },
    resume: (input, _, value) => {
      input.depth--
      return value
    },
    write: (output, value) => {
      write ??= target().write
      enter(output, limit, output.pos - output.start)
      try {
        write(output, value)
      } catch (error) {
        throw stopWriting(output, error, plan, target(), [])
      }
      output.depth--
    },
    compare: (a, b) => target().compare(a, b),
    compareWritten: (x, y) => target().compareWritten(x, y),
    skip: (input) => target().skip(input),
  }
  return plan
}

const targetOf = (node: LazyNode<ResolvedNode>, builder: Builder): Plan => {
  try {
    const inner = node.get()
    expectFinite(inner)
    expectTakesBytes(inner)
    if (builder.followed) {
      expectLazyEnds(inner)
    }
    return builder.plan(inner)
  } catch (error) {
    throw mistake(error)
  }
}

const enter = (at: Input | Output, limit: number, offset: number): void => {
  if (++at.depth > limit) {
    refuseLimit(at, 'depth', limit, offset, words.tooDeep(at.depth))
  }
}
