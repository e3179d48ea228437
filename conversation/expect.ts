import { kindName } from '../bytes/byte-array.js'
import { expectName, expectOneOf, isOfFlow } from '../combinators/expect.js'
import { isGrammar } from '../combinators/node.js'
import { quoted } from '../combinators/show.js'
import type { AnyFlow } from './flow.js'
import type { FlowNode, Place } from './node.js'

/**
 * The node of a flow. `forGrammars`: the function that takes a grammar instead.
 *
 * @throws TypeError for anything but a flow, with its purpose.
 */
export const flowNode = (what: string, flow: AnyFlow, forGrammars: string | null = null): FlowNode => {
  const given: unknown = flow
  if (typeof given !== 'object' || given === null || !('node' in given) || !isOfFlow(given.node)) {
    throw new TypeError(`${what} must be a flow, not ${notFlow(given, forGrammars)}`)
  }
  return flow.node
}

const notFlow = (given: unknown, forGrammars: string | null): string =>
  !isGrammar(given)
    ? kindName(given)
    : forGrammars === null
      ? 'a grammar'
      : `a grammar, which ${forGrammars} takes`

/** @throws TypeError for anything but a side. */
export const expectSide = (what: string, side: unknown): void => expectOneOf(what, side, ['client', 'server'])

/** @throws TypeError for a key that an object would not keep as it is, or that a place cannot name. */
export const expectKey = (of: string, key: string): void => {
  const what = `the key of ${of}`
  expectName(what, key)
  if (/^[0-9]+$|\./.test(key) || key === '__proto__') {
    throw new TypeError(`${what} cannot be ${quoted(key)}: no number, no dots, not __proto__`)
  }
}

/** `log.kind`: a key and fields. @throws TypeError for an invalid text. */
export const placeOf = (what: string, path: string): Place => {
  expectName(what, path)
  const [key = '', ...fields] = path.split('.')
  if ([key, ...fields].includes('')) {
    throw new TypeError(`${what} must be a key and fields, such as log.kind, not ${quoted(path)}`)
  }
  return [key, ...fields]
}
