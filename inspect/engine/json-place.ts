import type { FieldPath } from '../../combinators/issue.js'
import type { Json } from '../../interpreters/json/index.js'

/** A place in the JSON of a message. */
export interface JsonPlace {
  readonly path: FieldPath
  readonly json: Json
}

const stepInto = (json: Json, step: string | number): Json | undefined =>
  Array.isArray(json)
    ? (json as ReadonlyArray<Json>)[Number(step)]
    : typeof json === 'object' && json !== null && typeof step === 'string' && Object.hasOwn(json, step)
      ? (json as { readonly [key: string]: Json })[step]
      : undefined

/**
 * The place of a field in the JSON of its message, or that of the nearest field around it that has one: entries of maps
 * have none, and neither have parts that a view leaves out.
 */
export const jsonPlace = (whole: Json, path: FieldPath): JsonPlace => {
  let json = whole
  for (const [depth, step] of path.entries()) {
    const next = stepInto(json, step)
    if (next === undefined) {
      return { path: path.slice(0, depth), json }
    }
    json = next
  }
  return { path, json }
}

/** The JSON with another value at a place found by `jsonPlace`. */
export const withJsonAt = (whole: Json, [step, ...rest]: FieldPath, json: Json): Json => {
  if (step === undefined) {
    return json
  }
  const inner = withJsonAt(stepInto(whole, step) ?? null, rest, json)
  return Array.isArray(whole)
    ? (whole as ReadonlyArray<Json>).map((each, index) => (index === Number(step) ? inner : each))
    : // The steps are keys of the grammar, not of the input.
      { ...(whole as { readonly [key: string]: Json }), [step]: inner }
}
