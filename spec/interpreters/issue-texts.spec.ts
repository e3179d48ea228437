import { expect } from 'chai'
import fc from 'fast-check'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { showIssue } from '../../combinators/issue.js'
import type { AnyGrammar, Grammar } from '../../combinators/node.js'
import { sections } from '../../grammar/sections.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import { toArbitrary } from '../../interpreters/arbitrary/index.js'
import { compile } from '../../interpreters/compile/index.js'
import { dissect, renderDissection } from '../../interpreters/dissect/index.js'
import { explain } from '../../interpreters/explain.js'
import { fromJson, type Json, parseJson, toJson } from '../../interpreters/json/index.js'
import { nasty, nastyMessages } from '../support/nasty.js'
import { rawIn } from '../support/raw.js'

const protocol = { version: '1.37' } as const
const grammars: ReadonlyArray<readonly [name: string, grammar: AnyGrammar]> = sections.flatMap(
  (section) => section.grammars,
)

const expectPlain = (text: string, what: string): void => {
  expect(rawIn(text), `${what}: ${JSON.stringify(text)}`).to.deep.equal([])
}

/** Each way to put the text into one place of a JSON value; keys too. */
const spoilt = (json: Json): ReadonlyArray<Json> =>
  typeof json !== 'object' || json === null
    ? [nasty]
    : Array.isArray(json)
      ? [nasty, ...json.flatMap((item, i) => spoilt(item).map((each) => json.with(i, each)))]
      : [
          nasty,
          { ...json, [nasty]: nasty },
          ...Object.entries(json).flatMap(([key, value]) =>
            spoilt(value).map((each) => ({ ...json, [key]: each })),
          ),
        ]

describe('issues about untrusted texts', () => {
  it('have no raw control characters, for any reader', () => {
    let refused = 0
    for (const [name, grammar] of grammars) {
      const known = grammar as Grammar<unknown>
      for (const profile of ['compatible', 'canonical'] as const) {
        const codec = compile(known, protocol, { profile })
        for (const bytes of nastyMessages(grammar, protocol)) {
          const value = codec.decode(bytes)
          if (isLeft(value)) {
            refused++
            expectPlain(showIssue(value.left), name)
            expectPlain(explain(value.left, { bytes, start: 0 }), name)
          }
          for (const line of renderDissection(dissect(known, protocol, bytes, { profile }))) {
            expectPlain(line, name)
          }
        }
      }
    }
    expect(refused).to.be.above(50)
  })

  it('have no raw control characters from a JSON value', () => {
    let refused = 0
    for (const [name, grammar] of grammars) {
      const known = grammar as Grammar<unknown>
      for (const value of fc.sample(toArbitrary(known, protocol), { numRuns: 2, seed: 1 })) {
        const json = toJson(known, protocol, value)
        for (const wrong of isRight(json) ? spoilt(json.right) : []) {
          const read = fromJson(known, protocol, wrong)
          const written = isLeft(read) ? read : compile(known, protocol).encode(read.right)
          if (isLeft(written)) {
            refused++
            expectPlain(showIssue(written.left), name)
          }
        }
      }
    }
    for (const text of [nasty, `"${nasty}`, `{"${nasty.replace(/\p{Cc}/gu, '')}":1,}`, `[1 ${nasty}]`]) {
      const json = parseJson(text)
      expectPlain(isLeft(json) ? showIssue(json.left) : '', 'JSON')
    }
    expect(refused).to.be.above(500)
  })

  it('have no raw control characters from a type, a version or a store directory', () => {
    for (const text of [nasty, `List<${nasty}>`, `Map<String,${nasty}`]) {
      const grammar = parseTypeExpression(text)
      expectPlain(isLeft(grammar) ? grammar.left : '', 'type')
    }
    for (const wrong of [{ storeDir: nasty }, { version: nasty as '1.37' }]) {
      expect(() => compile(grammars[0]![1] as Grammar<unknown>, wrong))
        .to.throw()
        .with.property('message')
        .satisfies((message: string) => rawIn(message).length === 0)
    }
  })
})
