import { isLeft } from 'fp-ts/lib/Either.js'
import type { AgreeNode } from '../node.js'
import type { Scope } from './scope.js'

/** The agreement of both sides on earlier messages. @throws Break if they cannot agree. */
export const agreeOn = ({ name, from, blames, compute }: AgreeNode, scope: Scope): null => {
  const { said, ears, host } = scope
  const heard = from.map(({ key, grammar }) => ({ key, grammar, ...said.get(key) }))
  const made = compute(Object.fromEntries(heard.map(({ key, value }) => [key, value])) as never)
  if (isLeft(made)) {
    const [last] = heard.filter(({ ear }) => ear.side === blames).sort((a, b) => b.offset - a.offset)
    const ear = last?.ear ?? ears[blames]
    const start = last?.start ?? ear.since
    const found = ear.broken(
      last === undefined ? [] : [last.key],
      {
        _tag: 'InvalidValue',
        offset: start,
        path: [],
        expected: made.left,
        actual: last?.grammar === 'size' ? `${last.value} bytes` : 'what was said',
        grammar: name,
      },
      last?.offset,
    )
    if (host.passes?.(found, scope) === true) {
      return null
    }
    throw found
  }
  // One that changes nothing is only a check, and should not look up plans.
  if (Object.keys(made.right).length > 0) {
    host.agree(made.right)
  }
  return null
}
