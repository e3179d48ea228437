import { expect } from 'chai'
import { type AnyGrammar, grammarOf } from '../../../combinators/node.js'
import {
  type AnyOperation,
  determinateOperations,
  operations,
  takesNoArguments,
} from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'

/** What a program without types could hand over in place of a request or a reply. */
const wrong: ReadonlyArray<unknown> = [
  null,
  0,
  1n,
  '',
  [],
  new Map(),
  { _tag: 'Some' },
  { _tag: 'Some', value: null },
  { _tag: 'Some', value: {} },
  { _tag: 'Hash' },
  { realisation: null },
  { output: {} },
  { paths: null },
  { action: 'DeleteDead', paths: 7 },
  { action: 'ReturnLive', paths: { _tag: 'SpecificPaths' } },
  { name: 'x', method: null },
  { name: 'x', method: { _tag: 'Flat' }, references: null },
  { path: 'x', info: null },
  { paths: new Map([['x', 3]]) },
]

const givens = (['1.10', '1.24', '1.30', '1.38'] as const).flatMap((version) => [
  { version },
  { version, features: ['realisation-with-path-not-hash', 'delete-dead-specific-referrers', 'provenance'] },
])

const outcomes = (grammar: AnyGrammar): ReadonlyArray<string> =>
  givens.flatMap((given) => {
    const codec = compile(grammarOf<unknown>(grammar.node), given)
    return wrong.map((value) => codec.encode(value)._tag)
  })

describe('operations called with something else', () => {
  for (const operation of Object.values<AnyOperation>({ ...operations, ...determinateOperations })) {
    it(`${operation.name} rejects it with an issue, and does not throw`, () => {
      // A request without fields accepts any object.
      const expected = takesNoArguments(operation) ? ['Left', 'Right'] : ['Left']
      expect(new Set(outcomes(operation.request))).to.deep.equal(new Set(expected))
      expect(outcomes(operation.reply)).to.include('Left')
    })
  }
})
