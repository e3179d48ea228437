import { bytesOf } from '../../../bytes/hex.js'
import type { AnyGrammar, Grammar } from '../../../combinators/node.js'
import type { AnyFlow } from '../../../conversation/flow.js'
import type { FlowNode, Side } from '../../../conversation/node.js'
import { flowsIn } from '../../../conversation/parts.js'
import { compile } from '../../../interpreters/compile/index.js'
import { expressionValue } from '../example-scope.js'
import { messages } from './messages.js'
import type { FlowWord, Passed } from './words.js'

type Example = NonNullable<FlowWord['example']>

/** The value of an expression of an example, with the messages of the page in scope. */
export const flowValue = (expression: string): unknown => expressionValue(expression, messages)

/** What passes in one direction; without bytes, that side closes. */
export interface Passage {
  readonly side: Side
  readonly bytes: Uint8Array
  readonly passed: Passed
}

type Keyed = Extract<FlowNode, { readonly key: string }>

const keyed = (flow: AnyFlow, key: string): Keyed => {
  const found = [...flowsIn(flow.node)].find((node): node is Keyed => 'key' in node && node.key === key)
  if (found === undefined) {
    throw new Error(`no part of the flow has the key ${key}`)
  }
  return found
}

const encoded = (grammar: AnyGrammar, value: string, { protocol = {} }: Example): Uint8Array => {
  const bytes = compile(grammar as Grammar<unknown>, protocol).encode(flowValue(`(${value})`))
  if (bytes._tag === 'Left') {
    throw new Error(`${value} cannot be encoded: ${bytes.left.expected}`)
  }
  return bytes.right
}

/** The session of an example, in its order. */
export const passagesOf = (example: Example): ReadonlyArray<Passage> => {
  const flow = flowValue(example.flow) as AnyFlow
  return example.passes.map((passed): Passage => {
    if ('closes' in passed) {
      return { side: passed.closes, bytes: new Uint8Array(), passed }
    }
    const node = keyed(flow, passed.key)
    const bytes =
      'bytes' in passed
        ? bytesOf(passed.bytes)
        : node._tag === 'says'
          ? encoded(node.grammar, passed.value, example)
          : null
    if (bytes === null) {
      throw new Error(`${passed.key} has raw bytes, not a value`)
    }
    return { side: node.side, bytes, passed }
  })
}
