import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { TextIssue } from '../combinators/text-format.js'
import { issueAtIndex, unpairedSurrogate } from './text-parser.js'

/**
 * A JSON object with unchecked members, made by `JSON.parse`, for which even `__proto__` is an own member.
 */
export interface JsonObject {
  readonly [member: string]: unknown
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A member; `undefined` if it is absent. It reads own members only, even if a prototype was changed. */
export const member = (json: JsonObject, name: string): unknown =>
  Object.hasOwn(json, name) ? json[name] : undefined

/** The position at which the engine reports that the text is not JSON; 0 if it does not say. */
const placeIn = (text: string, message: string): number => {
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Math.min(Number(position), text.length)
  return /end of (JSON input|data)/.test(message) ? text.length : 0
}

/** Parses JSON of any depth of nesting. Code that walks over the value must limit its recursion itself. */
export const parseJson = (text: string): Either<TextIssue, unknown> => {
  const unpaired = unpairedSurrogate(text)
  if (unpaired !== undefined) return left(unpaired)
  try {
    return right(JSON.parse(text))
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return left(issueAtIndex(text, placeIn(text, message), 'JSON'))
  }
}
