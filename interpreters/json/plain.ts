import { encodeBase64 } from '../../bytes/base64.js'
import { ownJson } from '../../bytes/equal.js'
import { type Json, objectOf } from './text.js'

/** The JSON form of a value without a node. */
export const plain = (value: unknown): Json => {
  if (typeof value === 'number') {
    return BigInt(value)
  }
  if (Array.isArray(value)) {
    return value.map(plain)
  }
  if (value instanceof Uint8Array) {
    return encodeBase64(value)
  }
  if (value instanceof Map) {
    return plainMap(value)
  }
  if (value instanceof Set) {
    return plain([...value])
  }
  if (typeof value === 'object' && value !== null) {
    const own = ownJson(value)
    return own !== undefined ? plain(own) : plainObject(value as { readonly [key: string]: unknown })
  }
  return (value ?? null) as Json
}

const plainMap = (entries: ReadonlyMap<unknown, unknown>): Json => {
  const pairs = [...entries].map(([key, item]) => [plain(key), plain(item)] as const)
  return pairs.every(([key]) => typeof key === 'string')
    ? objectOf(pairs.map(([key, item]) => [String(key), item]))
    : pairs.map(([key, item]) => [key, item])
}

const plainObject = (value: { readonly [key: string]: unknown }): Json => {
  if (value._tag === 'None') {
    return null
  }
  return value._tag === 'Some'
    ? plain(value.value)
    : objectOf(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}
