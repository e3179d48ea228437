import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import type { Grammar } from '../../../combinators/index.js'
import {
  determinateOperations,
  LogMessage,
  lixOperations,
  operations,
  resultFields,
} from '../../../grammar/index.js'
import { compile, toJson } from '../../../interpreters/index.js'
import { issueOf, rightOf } from '../../support/either.js'
import { concat, int, padded } from '../../support/wire.js'

/** A result of protocol 1.35 with no output, by hand. */
const result = (status: number): Uint8Array =>
  concat(int(status), padded(''), int(0), int(0), int(0), int(0), int(0))

const at = { version: '1.35' } as const

/** Status 15 and 16 have no version and no feature in front. */
const names = ['HashMismatch', 'Cancelled'] as const

describe('builds of Determinate Nix', () => {
  it('can end in two more ways, without a feature', () => {
    const codec = compile(determinateOperations.BuildDerivation.reply, at)
    names.forEach((name, i) => {
      const value = rightOf(codec.decode(result(15 + i)))
      expect(value.status).to.equal(name)
      expect(rightOf(codec.encode(value))).to.deep.equal(result(15 + i))
    })
    for (let status = 0; status <= 14; status++) {
      expect(codec.decode(result(status))).to.deep.equal(
        compile(operations.BuildDerivation.reply, at).decode(result(status)),
      )
    }
    expect(issueOf(codec.decode(result(17)))).to.deep.include({ _tag: 'UnknownTag', path: ['status'] })
  })

  it('can also end so among several', () => {
    const path = '/nix/store/g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
    const bytes = concat(int(1), padded(path), result(16))
    const codec = compile(determinateOperations.BuildPathsWithResults.reply, at)
    const [keyed] = rightOf(codec.decode(bytes))
    expect(keyed?.result.status).to.equal('Cancelled')
    expect(rightOf(codec.encode([keyed!]))).to.deep.equal(bytes)
  })

  it('cannot end so in Nix and in Lix', () => {
    for (const table of [operations, lixOperations]) {
      const codec = compile(table.BuildDerivation.reply as Grammar<unknown>, at)
      for (const status of [15, 16]) {
        expect(issueOf(codec.decode(result(status)))).to.deep.include({
          _tag: 'UnknownTag',
          path: ['status'],
        })
      }
    }
  })
})

/** A result in the log with one text. */
const message = (type: number): Uint8Array =>
  concat(int(0x52534c54), int(7), int(type), int(1), int(1), padded('{}'))

describe('results in the log', () => {
  const numbers = [108, 109, 110, 111]
  const typesUnder = (features: ReadonlyArray<string>): ReadonlyArray<unknown> =>
    numbers.map((number) => {
      const codec = compile(LogMessage, { features })
      const value = rightOf(codec.decode(message(number)))
      expect(rightOf(codec.encode(value))).to.deep.equal(message(number))
      expect(toJson(LogMessage, { features }, value)._tag).to.equal('Right')
      return value._tag === 'Result' ? value.type : value._tag
    })

  it('have the names of Determinate Nix if both sides are Determinate Nix', () => {
    const determinate = ['FetchStatus', 'HashMismatch', 'BuildResult', 111]
    for (const feature of [
      'addTempRoots',
      'provenance',
      'queryActiveBuilds',
      'queryPathInfos',
      'versionedAddToStoreMultiple',
    ]) {
      expect(typesUnder([feature]), feature).to.deep.equal(determinate)
    }
    expect(typesUnder([])).to.deep.equal(['FetchStatus', 'FetchToStore', 110, 111])
    expect(typesUnder(['realisation-with-path-not-hash'])).to.deep.equal([
      'FetchStatus',
      'FetchToStore',
      110,
      111,
    ])
  })

  it('cannot be written with the name of the other dialect', () => {
    const fields = [{ type: 'String', value: '{}' }] as const
    const named = (type: 'FetchToStore' | 'HashMismatch') =>
      ({ _tag: 'Result', id: 7n, type, fields }) as const
    const features = ['queryActiveBuilds']
    expect(issueOf(compile(LogMessage).encode(named('HashMismatch')))._tag).to.equal('Unrepresentable')
    expect(issueOf(compile(LogMessage, { features }).encode(named('FetchToStore')))._tag).to.equal(
      'Unrepresentable',
    )
    expect(resultFields('HashMismatch', fields)).to.deep.equal({ _tag: 'Raw', type: 'HashMismatch', fields })
  })
})

describe('operations of Lix', () => {
  it('are answered by errors, or unknown to newer releases', () => {
    const all = Object.values<(typeof lixOperations)[keyof typeof lixOperations]>(lixOperations)
    expect(
      all.filter(({ note }) => note === 'Always answered by an error.').map(({ id }) => id),
    ).to.deep.equal([3, 4, 5, 16, 18, 27, 42, 43])
    expect(all.filter(({ note }) => note.includes('Unknown to newer')).map(({ id }) => id)).to.deep.equal([
      8, 13, 22, 24, 25, 28,
    ])
    for (const { name, request, reply } of all) {
      expect([request, reply]).to.deep.equal([operations[name].request, operations[name].reply])
    }
  })

  it('accept any text as a signature', () => {
    const codec = compile(lixOperations.QueryPathInfo.reply, at)
    const sha256 = '0'.repeat(64)
    const bytes = concat(
      int(1),
      padded(''),
      padded(sha256),
      int(0),
      int(1),
      int(2),
      int(0),
      int(1),
      padded('fake-sig-1'),
      padded(''),
    )
    const value = rightOf(codec.decode(bytes))
    expect(value).to.not.deep.equal(none)
    expect(value._tag === 'Some' && value.value.signatures).to.deep.equal(['fake-sig-1'])
    expect(
      rightOf(codec.encode(some((value as Extract<typeof value, { _tag: 'Some' }>).value))),
    ).to.deep.equal(bytes)
  })
})
