import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { type AnyGrammar, type Grammar, named } from '../../../combinators/index.js'
import { compile, type RuleKind, toKaitaiFiles } from '../../../interpreters/index.js'
import { bytesIn, folders, grammarsIn } from '../../golden/table.js'
import { rightOf } from '../../support/either.js'
import { describeWithShared, projectPath } from '../../support/shared.js'
import { expectSame, expectSameValues, subject } from './checked.js'
import { compiledTogether, loaded, pascal } from './compiled.js'
import { exported, protocolsFor } from './exported.js'
import { broken, refuses, type Tally, tableOf } from './refusals.js'

const others: ReadonlyArray<readonly [string, AnyGrammar]> = []

describe('what Kaitai Struct makes of the exported grammars', () => {
  const files = toKaitaiFiles('nix', exported)
  const ids = new Map([...files.keys()].map((file, i) => [exported[i]?.[1], pascal(file.replace('.ksy', ''))]))
  let moduleOf: ReturnType<typeof loaded>

  before(async () => {
    moduleOf = loaded(await compiledTogether('javascript', files))
  })

  const decoderOf = (grammar: AnyGrammar) => moduleOf(ids.get(grammar)!)

  for (const [name, grammar] of exported) {
    it(`reads the values: ${name}`, () => {
      for (const given of protocolsFor(grammar)) {
        expectSameValues(subject(grammar, given, decoderOf(grammar)), 12)
      }
    })
  }
})
