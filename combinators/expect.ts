import { kindName } from '../bytes/byte-array.js'
import { quoted, show } from './show.js'

/** A value that may have properties: an object or an array. */
export interface Fields {
  readonly [key: string | number]: unknown
}

export const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** @throws TypeError for anything but an object with names: no array, no text. */
export const expectObject = (what: string, value: unknown): void => {
  if (!isObject(value) || Array.isArray(value)) {
    throw new TypeError(
      `${what} must be an object, not ${Array.isArray(value) ? 'an array' : kindName(value)}`,
    )
  }
}

/** @throws TypeError for anything but an array. */
export const expectArray = (what: string, value: unknown): void => {
  if (!Array.isArray(value)) {
    throw new TypeError(`${what} must be an array, not ${kindName(value)}`)
  }
}

/** @throws TypeError for a value that is not iterable, and for a text. */
export const expectIterable = (what: string, value: unknown): void => {
  const isIterable =
    typeof value === 'object' &&
    typeof (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === 'function'
  if (!isIterable) {
    throw new TypeError(`${what} must be iterable, not ${kindName(value)}`)
  }
}

/** @throws TypeError for anything but a function. */
export const expectFunction = (what: string, value: unknown): void => {
  if (typeof value !== 'function') {
    throw new TypeError(`${what} must be a function, not ${kindName(value)}`)
  }
}

/** @throws TypeError for anything but a text. */
export const expectText = (what: string, value: unknown): void => {
  if (typeof value !== 'string') {
    throw new TypeError(`${what} must be a string, not ${kindName(value)}`)
  }
}

/** @throws TypeError for an empty name. */
export const expectName = (what: string, name: unknown): void => {
  expectText(what, name)
  if (name === '') {
    throw new TypeError(`${what} must not be empty`)
  }
}

/** @throws TypeError for options of a function that has none; what `map` passes besides an item is none. */
export const expectNoOptions = (of: string, [given]: ReadonlyArray<unknown>): void => {
  if (isObject(given)) {
    throw new TypeError(`${of} has no options`)
  }
}

/** `takes`: the function and what it takes. @throws TypeError for what is neither a node nor a gate. */
export const expectTagged = (takes: string, value: unknown): void => {
  if (!isNode(value)) {
    throw new TypeError(`${takes}, not ${kindName(value)}`)
  }
}

/** `forFlows`: the function that takes a flow instead. @throws TypeError for anything but a grammar. */
export const expectGrammar = (what: string, value: unknown, forFlows: string | null = null): void => {
  if (!isObject(value) || !('node' in value) || 'fixed' in value || !isNode(value.node)) {
    throw new TypeError(`${what} must be a grammar, not ${notGrammar(value, forFlows)}`)
  }
}

/** @throws TypeError for anything but a grammar or a field that is not in the value. */
export const expectField = (what: string, value: unknown): void => {
  if (!(isObject(value) && 'fixed' in value && 'node' in value && isNode(value.node))) {
    expectGrammar(what, value)
  }
}

/** The nodes of flows. Some have the tag of a grammar's node, so the form does not tell them apart. */
const nodesOfFlows = new WeakSet<object>()

/** The same node, which no function takes for that of a grammar. */
export const ofFlow = <N extends object>(node: N): N => {
  nodesOfFlows.add(node)
  return node
}

/** Whether this is the node of a flow, as a constructor made it. */
export const isOfFlow = (node: unknown): boolean => isObject(node) && nodesOfFlows.has(node)

const isNode = (value: unknown): boolean =>
  isObject(value) && '_tag' in value && typeof value._tag === 'string' && !isOfFlow(value)

const notGrammar = (value: unknown, forFlows: string | null): string => {
  if (value === undefined) {
    return 'undefined (one that is defined later needs lazy)'
  }
  if (isObject(value) && isOfFlow(value.node)) {
    return forFlows === null ? 'a flow' : `a flow, which ${forFlows} takes`
  }
  return isObject(value) && 'fixed' in value
    ? 'a literal, which only a struct or a tuple can hold'
    : kindName(value)
}

/** @throws TypeError for a name that is not among these. */
export const expectNames = (
  what: string,
  given: unknown,
  kind: string,
  names: ReadonlyArray<string>,
): void => {
  expectObject(what, given)
  for (const name of Object.keys(given as object)) {
    if (!names.includes(name)) {
      throw new TypeError(`${what} have no ${kind} ${quoted(name)} (the ${kind}s are ${names.join(', ')})`)
    }
  }
}

/** @throws TypeError for any other word. */
export const expectOneOf = (what: string, value: unknown, words: ReadonlyArray<string>): void => {
  if (typeof value !== 'string' || !words.includes(value)) {
    throw new TypeError(`${what} must be ${words.map((word) => show(word)).join(' or ')}, not ${show(value)}`)
  }
}
