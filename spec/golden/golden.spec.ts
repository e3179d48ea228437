import { expect } from 'chai'
import type { Grammar, Protocol } from '../../combinators/index.js'
import { compile } from '../../interpreters/index.js'
import { nixJsonFor } from '../../nix-json/index.js'
import { rightOf } from '../support/either.js'
import { profiles } from '../support/protocols.js'
import { describeWithShared } from '../support/shared.js'
import { concat } from '../support/wire.js'
import { bytesIn, filesOf, folders, type Json, jsonOf, type Twin, type Values } from './table.js'

describeWithShared('the golden files of the reference implementation', () => {
  for (const [folder, table] of Object.entries(folders)) {
    describe(folder, () => {
      it('has the same files as the table', () => {
        const files = filesOf(folder)
        const binary = files.filter((file) => file.endsWith('.bin')).map((file) => file.slice(0, -4))
        expect(Object.keys(table)).to.have.members(binary)
        const twins = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))
        const compared = Object.entries(table).flatMap(([file, { values }]) =>
          typeof values === 'function' ? [file] : [],
        )
        expect(compared).to.have.members(twins)
        expect(files).to.have.lengthOf(binary.length + twins.length)
      })

      for (const [file, { given, values }] of Object.entries(table)) {
        for (const profile of profiles) {
          it(`${file}, ${profile.profile}: is decoded, compared with its JSON, and encoded again`, () => {
            const bytes = bytesIn(folder, file)
            const expected =
              typeof values === 'function' ? twinsOf(values, given, jsonOf(folder, file)) : values
            expect(expected).to.have.length.above(0)
            const written: Array<Uint8Array> = []
            let next = 0
            for (const [grammar, value] of expected) {
              const codec = compile(grammar as Grammar<unknown>, given, profile)
              const read = rightOf(codec.decodeAt(bytes, next))
              expect(read.value).to.deep.equal(value)
              written.push(rightOf(codec.encode(value)))
              next = read.next
            }
            expect(next).to.equal(bytes.length)
            expect(concat(...written)).to.deep.equal(bytes)
          })
        }
      }
    })
  }
})

/** The values of a JSON file, each of which must print as the same JSON, so that no member is ignored. */
const twinsOf = (twin: Twin, given: Partial<Protocol>, json: Json): Values => {
  const count = Array.isArray(json) ? json.length : 1
  const { grammars, single: isOne } = twin(count)
  const all = isOne ? [json] : (json as ReadonlyArray<Json>)
  return grammars.map((grammar, i) => {
    const found = nixJsonFor(grammar as Grammar<unknown>, given)
    if (found._tag === 'None') throw new Error('no JSON for this grammar')
    const value = rightOf(found.value.decode(all[i]))
    expect(found.value.encode(value)).to.deep.equal(all[i])
    return [grammar, value]
  })
}
