import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { LosslessNumber } from 'lossless-json'
import { type Json, objectOf } from '../interpreters/json/text.js'

/** Another form of JSON for values than that of this package. */
export interface JsonForm {
  /** Its name in the adapter protocol. */
  readonly name: string
  /** Converts values to this form; an io-ts codec, for example. */
  readonly codec: JsonFormCodec
}

/** Converts between values and their JSON. */
export interface JsonFormCodec {
  /** @throws TypeError for a value that has no such JSON. */
  readonly encode: (value: never) => unknown
  readonly decode: (json: unknown) => Either<unknown, unknown>
}

/** The JSON of a value in a form; null for a value without one. */
export const jsonInForm = ({ codec }: JsonForm, value: unknown): Json | null => {
  try {
    return withAllDigits(codec.encode(value as never))
  } catch (error) {
    if (error instanceof TypeError) {
      return null
    }
    throw error
  }
}

/** The value that JSON represents in a form, and null if there is none: it may lack parts of a value. */
export const meantInForm = ({ codec }: JsonForm, json: Json): { readonly value: unknown } | null => {
  const read = codec.decode(json)
  return isLeft(read) ? null : { value: read.right }
}

/** The numbers as `parseJson` returns them. */
const withAllDigits = (json: unknown): Json => {
  if (typeof json === 'number') {
    return Number.isInteger(json) ? BigInt(json) : new LosslessNumber(String(json))
  }
  if (Array.isArray(json)) {
    return json.map(withAllDigits)
  }
  return typeof json === 'object' && json !== null && !(json instanceof LosslessNumber)
    ? objectOf(Object.entries(json).map(([key, value]) => [key, withAllDigits(value)] as const))
    : (json as Json)
}

/** @throws TypeError for an invalid form. */
export const expectJsonForm = (what: string, value: unknown): void => {
  const { name, codec } = (typeof value === 'object' && value !== null ? value : {}) as Partial<JsonForm>
  const { encode, decode } = (
    typeof codec === 'object' && codec !== null ? codec : {}
  ) as Partial<JsonFormCodec>
  if (typeof name !== 'string' || typeof encode !== 'function' || typeof decode !== 'function') {
    throw new TypeError(`${what} must be the name of a form and its codec: { name, codec }`)
  }
  if (!formName.test(name)) {
    throw new RangeError(`${what} must have a name of lower-case letters, not ${JSON.stringify(name)}`)
  }
}

const formName = /^[a-z]{1,30}$/
