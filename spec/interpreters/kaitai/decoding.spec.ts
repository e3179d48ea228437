import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Grammar } from '../../../combinators/index.js'
import { compile } from '../../../interpreters/index.js'
import { rightOf } from '../../support/either.js'
import { describeWithShared, projectPath } from '../../support/shared.js'
import { expectSame, expectSameValues, subject } from './checked.js'
import { type Decoders, decoders } from './decoders.js'
import { exported, protocolsFor } from './exported.js'
import { goldens } from './goldens.js'
import { broken, refuses, tableOf } from './refusals.js'

describe('a decoder that Kaitai Struct makes of the exported grammars', () => {
  let made: Decoders

  before(async () => {
    made = await decoders()
  })

  for (const [name, grammar] of exported) {
    it(`reads the values: ${name}`, () => {
      for (const given of protocolsFor(grammar)) {
        expectSameValues(subject(grammar, given, made.of(grammar)), 12)
      }
    })
  }

  describeWithShared('and the golden files', () => {
    it('reads all of them', () => {
      for (const { bytes, given, grammars } of goldens) {
        let at = 0
        for (const grammar of grammars) {
          const { next } = rightOf(compile(grammar as Grammar<unknown>, given).decodeAt(bytes, at))
          expectSame(subject(grammar, given, made.of(grammar)), bytes.subarray(at, next))
          at = next
        }
        expect(at).to.equal(bytes.length)
      }
    })
  })

  it('rejects nothing that the compatible profile accepts', () => {
    const refused = exported.flatMap(([name, grammar]) => {
      const of = made.newest(grammar)
      return broken(of, 'canonical', 30)
        .filter(([, { bytes }]) => refuses(of, bytes))
        .map(([, { rule }]) => `${name}: ${rule}`)
    })
    expect(refused).to.deep.equal([])
  })

  it('rejects as many broken messages as the guide says, for each kind of rule', () => {
    const guide = readFileSync(projectPath('docs/guide/kaitai-struct.md'), 'utf8')
    expect(guide).to.include(tableOf(made.newest))
  })
})
