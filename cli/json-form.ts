import { Option } from 'commander'
import { chain, type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { showIssue } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { messageOf } from '../combinators/show.js'
import { fromJson, type Json, parseJson, toJson } from '../interpreters/json/index.js'
import { Failure } from './failure.js'
import { jsonText } from './visible.js'

/** Whose JSON it is: that of nix-wire, which every type has, or that of Nix itself. */
const forms = ['wire', 'nix'] as const

export interface JsonOptions {
  readonly json: (typeof forms)[number]
}

export const jsonOption = (verb: 'print' | 'read' | 'compare'): Option =>
  new Option('--json <form>', `${verb} the JSON of nix-wire, which every type has, or that of Nix itself`)
    .choices(forms)
    .default('wire')

export type Show = (value: unknown, indent: number) => string

/** Reads a text of JSON; what is wrong in words. */
export type Read = (text: string) => Either<string, unknown>

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
        // The printer of JSON takes numbers too.
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
    return (text) => {
      const parsed = mapLeft(showIssue)(parseJson(text))
      if (isLeft(parsed)) return parsed
      const read = codec.decode(parsed.right)
      return isLeft(read) ? left(linesOf(read)) : right(read.right)
    }
  }
  return (text) =>
    mapLeft(showIssue)(chain((parsed: Json) => fromJson(grammar, agreed, parsed))(parseJson(text)))
}
