import { Option } from 'commander'
import { type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { type Issue, showIssue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { messageOf } from '../combinators/show.js'
import { fromJson, type Json, parseJson, toJson } from '../interpreters/json/index.js'
import { Failure } from './failure.js'
import { jsonText } from './visible.js'

/** The JSON forms: that of nix-wire, which every type has, and that of Nix itself. */
const forms = ['wire', 'nix'] as const

export interface JsonOptions {
  readonly json: (typeof forms)[number]
}

export const jsonOption = (verb: 'print' | 'read' | 'compare'): Option =>
  new Option('--json <form>', `${verb} the JSON of nix-wire, which every type has, or that of Nix itself`)
    .choices(forms)
    .default('wire')

export type Show = (value: unknown, indent: number) => string

/**
 * Reads a value from JSON, which starts at a line of the input if there are several; Left: the issue and its place.
 */
export type Read = (text: string, line?: number) => Either<string, unknown>

/** Prints values of a type. */
export const shower = async (
  grammar: Grammar<unknown>,
  agreed: Protocol,
  { json }: JsonOptions,
): Promise<Show> => {
  if (json === 'nix') {
    const { nixJsonOf } = await import('./nix-json-form.js')
    const codec = nixJsonOf(grammar, agreed)
    return (value, indent) => {
      try {
        // The JSON printer also accepts numbers, which the type `Json` lacks.
        return jsonText(codec.encode(value) as Json, indent)
      } catch (error) {
        throw new Failure(1, messageOf(error))
      }
    }
  }
  return (value, indent) => {
    const shown = toJson(grammar, agreed, value)
    if (isLeft(shown)) {
      throw new Failure(1, showIssue(shown.left))
    }
    return jsonText(shown.right, indent)
  }
}

/** Reads values of a type. */
export const reader = async (
  grammar: Grammar<unknown>,
  agreed: Protocol,
  { json }: JsonOptions,
): Promise<Read> => {
  if (json === 'nix') {
    const { linesOf, nixJsonOf } = await import('./nix-json-form.js')
    const codec = nixJsonOf(grammar, agreed)
    return (text, line) => {
      const parsed = parsedFrom(text, line)
      if (isLeft(parsed)) return parsed
      const read = codec.decode(parsed.right)
      return isLeft(read) ? left(inLine(linesOf(read), line)) : right(read.right)
    }
  }
  return (text, line) => {
    const parsed = parsedFrom(text, line)
    return isLeft(parsed)
      ? parsed
      : mapLeft((issue: Issue) => inLine(jsonIssue(issue), line))(fromJson(grammar, agreed, parsed.right))
  }
}

const parsedFrom = (text: string, line = 1): Either<string, Json> =>
  mapLeft(({ offset, expected, actual }: Issue) => {
    const before = text.slice(0, offset)
    const column = offset - before.lastIndexOf('\n')
    const lines = before.split('\n').length - 1
    return `not JSON at line ${line + lines}, column ${column}: expected ${expected}, got ${actual}`
  })(parseJson(text))

/** An issue of a value that came as JSON, which has no bytes. */
export const jsonIssue = (issue: Issue): string =>
  showIssue(issue).replace(` at byte ${issue.offset}, `, ' at ')

/** A message with its line of the input, if the input has several values. */
export const inLine = (message: string, line: number | undefined): string =>
  line === undefined ? message : `line ${line}: ${message}`
