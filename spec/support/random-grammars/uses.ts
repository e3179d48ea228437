import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js'
import type { Issue } from '../../../combinators/issue.js'
import { showIssue } from '../../../combinators/issue.js'
import type { Protocol } from '../../../combinators/protocol.js'
import { resolved } from '../../../combinators/resolved.js'
import { writtenBytes } from '../../../combinators/written.js'
import { toArbitrary } from '../../../interpreters/arbitrary/index.js'
import {
  compile,
  dissect,
  dissectionJson,
  explain,
  fromJson,
  parseJson,
  printJson,
  renderDissection,
  toJson,
  toJsonAsItIs,
  toJsonSchema,
  toMarkdown,
} from '../../../interpreters/index.js'
import { nearly } from '../../../laws/bytes.js'
import { same } from '../../../laws/expect.js'
import type { Untyped } from './recipe.js'

// Ajv's own check of each schema is on.
const ajv = new Ajv2020({ strict: true, strictTypes: false, logger: false })

/** Errors that mean that a case was not considered. */
const odd = /\[object |undefined|NaN|=> |\bfunction\b/

const said = (what: string, text: string): void => {
  const found = odd.exec(text)
  if (found !== null) {
    throw new Error(`${what} has "${found[0]}" in it: ${text}`)
  }
}

const right = <A>(what: string, either: Either<Issue, A>): A => {
  if (isLeft(either)) {
    throw new Error(`${what} is refused: ${showIssue(either.left)}`)
  }
  return either.right
}

/**
 * Tries every use of a grammar that no law covers with a few values and broken messages. @throws if one fails.
 */
export const useEverywhere = (
  grammar: Untyped,
  given: Partial<Protocol>,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): void => {
  const schema = toJsonSchema(grammar, given)
  const validate = ajv.compile(schema)
  ajv.removeSchema(schema)
  said('its page', toMarkdown('Grammar', grammar))
  const codec = compile(grammar, given)
  const slow = compile(grammar, given, { evaluate: false })
  const sliced = compile(grammar, given, { slices: true })
  const { node } = resolved(grammar, codec.protocol as Protocol)
  const values = toArbitrary(grammar, given, { items: 3 })
  for (const value of fc.sample(values, { numRuns: runs, seed })) {
    const bytes = right('a value', codec.encode(value))
    same(writtenBytes(node, codec.protocol as Protocol, value), bytes, 'what is written the simple way')
    same(right('a value', slow.encode(value)), bytes, 'what is written without generated code')
    same(right('its bytes', sliced.decode(bytes)), value, 'what is read from slices')
    const target = new Uint8Array(bytes.length + 3)
    same(right('a value', codec.encodeInto(value, target, 3)), target.length, 'the end in a target')
    same(target.slice(3), bytes, 'what is written into a target')
    const text = printJson(right('a value', toJson(grammar, given, value)), 0)
    if (!validate(JSON.parse(text))) {
      throw new Error(`the schema refuses ${text}: ${ajv.errorsText(validate.errors)}`)
    }
    same(printJson(toJsonAsItIs(grammar, given, value), 0), text, 'the JSON of a value as it is')
    const back = right('its JSON', fromJson(grammar, given, right('its JSON', parseJson(text))))
    same(right('a value from JSON', codec.encode(back)), bytes, 'what is written of a value from JSON')
  }
  const valid = values.map((value) => right('a value', codec.encode(value)))
  for (const bytes of fc.sample(nearly(valid), { numRuns: runs, seed })) {
    const dissection = dissect(grammar, given, bytes)
    const printed = renderDissection(dissection).join('\n')
    dissectionJson(dissection)
    const read = codec.decode(bytes)
    if (isLeft(read)) {
      said('an issue', explain(read.left, { bytes, start: 0 }))
      // Bytes after the whole do not belong to it.
      if (read.left._tag !== 'TrailingBytes' && !printed.includes(read.left.expected.slice(0, 8))) {
        throw new Error(`the dissection does not show ${showIssue(read.left)}: ${printed}`)
      }
    } else if (isRight(codec.encode(read.right))) {
      right('a value that was read', toJson(grammar, given, read.right))
    }
  }
}
