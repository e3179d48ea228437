import { encodeBase64 } from '../../bytes/base64.js'
import { hexOf } from '../../bytes/hex.js'
import { type Dissection, expectDissection, type Part } from './tree.js'

/** Plain data for a JSON writer that writes bigints as integers, such as {@link printJson}. */
export type JsonTree = { readonly [key: string]: unknown }

/** A value as plain data: an Option is its value or null, a map its pairs, bytes are base64. */
export const view = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) {
    return value
  }
  if (value instanceof Uint8Array) {
    return encodeBase64(value)
  }
  if (value instanceof Map) {
    return [...value].map(([key, each]) => [view(key), view(each)])
  }
  if (Array.isArray(value)) {
    return value.map(view)
  }
  if ('_tag' in value && (value._tag === 'None' || value._tag === 'Some')) {
    return 'value' in value ? view(value.value) : null
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, view(each)]))
}

const partJson = (part: Part): JsonTree => {
  const { start, end, path, role, grammar, complete } = part
  const issues = part.issues.length > 0 ? { issues: part.issues } : {}
  const place = { start, end, path, role, grammar, complete, ...issues }
  return part.parts.length > 0
    ? { ...place, parts: part.parts.map(partJson) }
    : { ...place, bytes: hexOf(part.bytes), ...(complete ? { value: view(part.value) } : {}) }
}

/**
 * A dissection as plain data for tools: `tree`, `issue` (the first; null if the message is valid), all `issues`, and
 * the number of `omitted` ones. A part has either `parts` or, if it is a primitive, `bytes` as hex digits and a
 * `value`; an invalid part has its own `issues`. Integers may be bigints.
 */
export const dissectionJson = <A>(dissection: Dissection<A>): JsonTree => {
  expectDissection('dissectionJson', dissection)
  const { tree, result, issues, omitted } = dissection
  return {
    tree: tree === null ? null : partJson(tree),
    issue: result._tag === 'Left' ? result.left : null,
    issues,
    omitted,
  }
}
