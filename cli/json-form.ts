import { Option } from 'commander'
import { chain, type Either, isLeft, left, mapLeft, right } from 'fp-ts/lib/Either.js'
import { isNone } from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import { showIssue } from '../combinators/issue.js'
import { type Grammar, nodeName } from '../combinators/node.js'
import type { Protocol } from '../combinators/protocol.js'
import { messageOf } from '../combinators/show.js'
import { fromJson, type Json, parseJson, toJson } from '../interpreters/json/index.js'
import { type NixJson, nixJsonFor } from '../nix-json/index.js'
import { issueReporter } from '../validation/issue-reporter.js'
import { Failure } from './failure.js'
import { jsonText } from './visible.js'

/** Whose JSON it is: that of nix-wire, which every type has, or that of Nix itself. */
const forms = ['wire', 'nix'] as const

export interface JsonOptions {
  readonly json: (typeof forms)[number]
}

export const jsonOption = (verb: 'print' | 'read'): Option =>
  new Option('--json <form>', `${verb} the JSON of nix-wire, which every type has, or that of Nix itself`)
    .choices(forms)
    .default('wire')

export type Show = (value: unknown, indent: number) => string

/** Reads a text of JSON; what is wrong in words. */
export type Read = (text: string) => Either<string, unknown>

const ofNix = (grammar: Grammar<unknown>, agreed: Protocol): t.Type<unknown, NixJson, unknown> => {
  const found = nixJsonFor(grammar, agreed)
  if (isNone(found)) {
    throw new Failure(2, `Nix has no JSON for ${nodeName(grammar.node)}: leave out --json nix`)
  }
  return found.value
}

/** Prints values of a type. */
export const shower = (grammar: Grammar<unknown>, agreed: Protocol, { json }: JsonOptions): Show => {
  if (json === 'nix') {
    const codec = ofNix(grammar, agreed)
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
export const reader = (grammar: Grammar<unknown>, agreed: Protocol, { json }: JsonOptions): Read => {
  if (json === 'nix') {
    const codec = ofNix(grammar, agreed)
    return (text) => {
      const parsed = mapLeft(showIssue)(parseJson(text))
      if (isLeft(parsed)) return parsed
      const read = codec.decode(parsed.right)
      return isLeft(read) ? left(issueReporter.report(read).join('\n')) : right(read.right)
    }
  }
  return (text) =>
    mapLeft(showIssue)(chain((parsed: Json) => fromJson(grammar, agreed, parsed))(parseJson(text)))
}
