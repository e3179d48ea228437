import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import { none, some } from 'fp-ts/lib/Option.js'
import {
  type ActivityFields,
  ActivityType,
  activityFields,
  type Field,
  type ResultFields,
  ResultType,
  resultFields,
} from '../../grammar/index.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { Broken, readRecording } from './recording.js'

const s = (value: string): Field => ({ type: 'String', value })
const i = (value: bigint): Field => ({ type: 'Int', value })

const activities: ReadonlyArray<readonly [ActivityType, ReadonlyArray<Field>, ActivityFields]> = [
  ['CopyPath', [s('p'), s('a'), s('b')], { _tag: 'CopyPath', path: 'p', from: 'a', to: 'b' }],
  ['FileTransfer', [s('u')], { _tag: 'FileTransfer', uri: 'u' }],
  [
    'Build',
    [s('d'), s(''), i(1n), i(2n)],
    { _tag: 'Build', drvPath: 'd', machine: '', round: 1n, rounds: 2n },
  ],
  ['Substitute', [s('p'), s('u')], { _tag: 'Substitute', path: 'p', substituter: 'u' }],
  ['QueryPathInfo', [s('p'), s('u')], { _tag: 'QueryPathInfo', path: 'p', uri: 'u' }],
  ['PostBuildHook', [s('d')], { _tag: 'PostBuildHook', drvPath: 'd' }],
  ['BuildWaiting', [], { _tag: 'BuildWaiting', paths: none }],
  [
    'BuildWaiting',
    [s('d'), s('r')],
    { _tag: 'BuildWaiting', paths: some({ drvPath: 'd', resolvedDrvPath: 'r' }) },
  ],
  ['FetchToStore', [s('p'), i(1n)], { _tag: 'FetchToStore', source: 'p', dryRun: true }],
  ['Realise', [], { _tag: 'Realise' }],
  ['Unknown', [], { _tag: 'Unknown' }],
]

const results: ReadonlyArray<readonly [ResultType, ReadonlyArray<Field>, ResultFields]> = [
  ['FileLinked', [i(1n), i(2n)], { _tag: 'FileLinked', bytes: 1n, blocks: 2n }],
  ['BuildLogLine', [s('l')], { _tag: 'BuildLogLine', line: 'l' }],
  ['PostBuildLogLine', [s('l')], { _tag: 'PostBuildLogLine', line: 'l' }],
  ['UntrustedPath', [s('p')], { _tag: 'UntrustedPath', path: 'p' }],
  ['CorruptedPath', [s('p')], { _tag: 'CorruptedPath', path: 'p' }],
  ['SetPhase', [s('build')], { _tag: 'SetPhase', phase: 'build' }],
  [
    'Progress',
    [i(1n), i(2n ** 64n - 1n), i(3n), i(4n)],
    { _tag: 'Progress', done: 1n, expected: 2n ** 64n - 1n, running: 3n, failed: 4n },
  ],
  ['SetExpected', [i(101n), i(7n)], { _tag: 'SetExpected', activity: 'FileTransfer', expected: 7n }],
  ['SetExpected', [i(999n), i(7n)], { _tag: 'SetExpected', activity: 999, expected: 7n }],
  ['FetchStatus', [s('t')], { _tag: 'FetchStatus', text: 't' }],
  ['FetchToStore', [s('p')], { _tag: 'FetchToStore', path: 'p' }],
]

const anyFields: fc.Arbitrary<ReadonlyArray<Field>> = fc.array(
  fc.oneof(fc.string().map(s), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(i)),
  { maxLength: 5 },
)

const typesOf = (grammar: typeof ActivityType | typeof ResultType): ReadonlyArray<string> =>
  grammar.node._tag === 'choice' ? grammar.node.cases.map(({ name }) => name) : []

const anyType = (names: ReadonlyArray<string>): fc.Arbitrary<string | number> =>
  fc.oneof(fc.constantFrom(...names), fc.nat(), fc.constantFrom('__proto__', 'toString', 'constructor'))

describe('fields of the log', () => {
  for (const [type, fields, expected] of activities) {
    it(`${type} with ${fields.length} fields is the record of an activity`, () => {
      expect(activityFields(type, fields)).to.deep.equal(expected)
    })
  }

  for (const [type, fields, expected] of results) {
    it(`${type} with ${fields.length} fields is the record of a result`, () => {
      expect(resultFields(type, fields)).to.deep.equal(expected)
    })
  }

  it('have a record for every type', () => {
    const known = new Set<string>(activities.map(([type]) => String(type)))
    const without = typesOf(ActivityType).filter((type) => !known.has(type))
    expect(without.map((type) => activityFields(type as ActivityType, [])._tag)).to.deep.equal(without)
    expect(new Set(results.map(([type]) => type))).to.deep.equal(new Set(typesOf(ResultType)))
  })

  it('stay as they are if they do not fit, and never throw', () => {
    fc.assert(
      fc.property(anyType(typesOf(ActivityType)), anyFields, (type, fields) => {
        const record = activityFields(type as ActivityType, fields)
        expect(record).to.deep.equal(
          record._tag === 'Raw' ? { _tag: 'Raw', type, fields } : { ...record, _tag: type },
        )
      }),
    )
    fc.assert(
      fc.property(anyType(typesOf(ResultType)), anyFields, (type, fields) => {
        const record = resultFields(type as ResultType, fields)
        expect(record).to.deep.equal(
          record._tag === 'Raw' ? { _tag: 'Raw', type, fields } : { ...record, _tag: type },
        )
      }),
    )
  })

  it('are raw with a field too many, one too few, or one of another type', () => {
    for (const fields of [[], [s('a'), s('b')], [i(1n)]]) {
      expect(activityFields('FileTransfer', fields)).to.deep.equal({
        _tag: 'Raw',
        type: 'FileTransfer',
        fields,
      })
      expect(resultFields('SetPhase', fields)).to.deep.equal({ _tag: 'Raw', type: 'SetPhase', fields })
    }
    const dryRun = [s('p'), i(2n)]
    expect(activityFields('FetchToStore', dryRun)._tag).to.equal('Raw')
    expect(resultFields('SetExpected', [i(2n ** 32n), i(0n)])._tag).to.equal('Raw')
    expect(activityFields('BuildWaiting', [s('d')])._tag).to.equal('Raw')
    expect(activityFields('BuildWaiting', [s('d'), i(0n)])._tag).to.equal('Raw')
  })
})

describeWithShared('fields in recorded connections', () => {
  it('all have the types that their message requires', () => {
    const names = readdirSync(sharedPath('nix', 'sessions'))
      .filter((file) => file.endsWith('.client.bin'))
      .map((file) => file.slice(0, -'.client.bin'.length))
    const tags = names.flatMap((name) => {
      try {
        return readRecording(name).operations.flatMap(({ log }) =>
          log.flatMap((message) => {
            switch (message._tag) {
              case 'StartActivity':
                return [activityFields(message.type, message.fields)._tag]
              case 'Result':
                return [resultFields(message.type, message.fields)._tag]
              default:
                return []
            }
          }),
        )
      } catch (error) {
        if (error instanceof Broken) {
          return []
        }
        throw error
      }
    })
    expect(tags).to.have.length.above(300)
    expect(tags).not.to.include('Raw')
    expect(new Set(tags)).to.include.keys('Progress', 'SetExpected', 'FileLinked', 'Build', 'QueryPathInfo')
  })
})
