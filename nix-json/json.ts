import { LosslessNumber } from 'lossless-json'
import type { Json } from '../interpreters/json/index.js'
import { objectOf } from '../interpreters/json/text.js'

/**
 * JSON as Nix prints it. An integer is a number up to 2^53, so that `JSON.stringify` takes it, and a bigint above.
 */
export type NixJson = Json | number | ReadonlyArray<NixJson> | { readonly [key: string]: NixJson }

/** Whether this is an object with members. */
export const isMembers = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Integers up to 2^53, and numbers that JavaScript prints unchanged, as numbers. */
export const plainNumbers = (json: Json): NixJson => {
  if (typeof json === 'bigint') {
    return json <= Number.MAX_SAFE_INTEGER && json >= Number.MIN_SAFE_INTEGER ? Number(json) : json
  }
  if (json instanceof LosslessNumber) {
    const number = Number(json.value)
    return String(number) === json.value ? number : json
  }
  if (Array.isArray(json)) {
    return (json as ReadonlyArray<Json>).map(plainNumbers)
  }
  return typeof json === 'object' && json !== null
    ? objectOf(Object.entries(json).map(([key, value]) => [key, plainNumbers(value as Json)] as const))
    : json
}
