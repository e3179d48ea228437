import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { isSome, none, some } from 'fp-ts/lib/Option.js'
import { RealisationByHash, type Signature } from '../../types/index.js'
import { nixProtocol } from '../../types/nix-protocol.js'
import { describeWithShared } from '../support/shared.js'
import { goldenJson, goldenStrings } from './golden.js'
import { guardsAgainstEverythingElse, obeysTheLaws } from './laws.js'
import { issueOf, read } from './outcomes.js'
import { realisations } from './values.js'

const hex = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const id = `sha256:${hex}!baz`
const dependency = `sha256:${hex.replace('15', '16')}!quux`
const outPath = 'g1w7hy3qg1w7hy3qg1w7hy3qg1w7hy3q-foo'
const json = (members: object): string => JSON.stringify(members)
const canonical = json({ dependentRealisations: {}, id, outPath, signatures: [] })
const fields = {
  _tag: 'Hash',
  id: { _tag: 'Hash', algorithm: 'sha256', digest: hex, outputName: 'baz' },
  outPath,
  signatures: [] as ReadonlyArray<string>,
  dependentRealisations: new Map<string, string>(),
} as const

describe('RealisationByHash', () => {
  obeysTheLaws(RealisationByHash.format, realisations)
  guardsAgainstEverythingElse(RealisationByHash)

  describeWithShared('golden files', () => {
    for (const name of ['realisation', 'realisation-with-deps']) {
      it(`reads ${name}.bin as its JSON, and writes it again`, () => {
        const texts = goldenStrings(name)
        const values = texts.map((text) => read(RealisationByHash, text))
        const json = goldenJson(name) as ReadonlyArray<Record<string, unknown>>
        const signature = (value: unknown) =>
          typeof value === 'string' ? value : Object.values(value as object).join(':')
        expect(
          values.map(({ signatures, dependentRealisations, outPath }) => ({
            signatures,
            outPath,
            dependentRealisations: Object.fromEntries(dependentRealisations),
          })),
        ).to.deep.equal(
          json.map(({ signatures, dependentRealisations, outPath }) => ({
            signatures: (signatures as ReadonlyArray<unknown>).map(signature),
            outPath,
            dependentRealisations,
          })),
        )
        expect(values.map((value) => RealisationByHash.encode(value))).to.deep.equal(texts)
        // The object form of signatures is not canonical.
        const kept = texts.map((text) => text.includes('keyName'))
        expect(values.map(({ text }) => isSome(text))).to.deep.equal(kept)
      })
    }
  })

  it('reads the canonical form without keeping it', () => {
    expect(read(RealisationByHash, canonical)).to.deep.equal({ ...fields, text: none })
  })

  it('keeps every other form', () => {
    const forms = [
      json({ id, outPath }),
      json({ id, outPath, signatures: [] }),
      json({ dependentRealisations: {}, id, outPath }),
      json({ outPath, id, dependentRealisations: {}, signatures: [] }),
      json({ dependentRealisations: {}, id, outPath, signatures: [], future: [1, { a: 2 }] }),
      canonical.replace('baz', '\\u0062az'),
      canonical.replace(hex, hex.toUpperCase()),
      `${canonical}\n`,
      canonical.replace('"id":', '"id":1,"id":'),
      canonical.replace('{"dep', '{"__proto__":{"outPath":1},"dep'),
    ]
    for (const form of forms) {
      const value = read(RealisationByHash, form)
      expect(value, form).to.deep.equal({ ...fields, text: some(form) })
      expect(RealisationByHash.encode(value)).to.equal(form)
    }
  })

  it('reads both forms of signatures, and sorts dependencies by their canonical texts', () => {
    const text = json({
      dependentRealisations: { [dependency]: outPath, [id.replace(hex, hex.toUpperCase())]: outPath },
      id,
      outPath,
      signatures: ['b:AAAA', { keyName: 'a', sig: 'FeM' }],
    })
    const value = read(RealisationByHash, text)
    expect(value.signatures).to.deep.equal(['b:AAAA', 'a:FeM='])
    expect([...value.dependentRealisations]).to.deep.equal([
      [id, outPath],
      [dependency, outPath],
    ])
    expect(RealisationByHash.encode({ ...value, text: none })).to.equal(
      `{"dependentRealisations":{"${id}":"${outPath}","${dependency}":"${outPath}"},"id":"${id}",` +
        `"outPath":"${outPath}","signatures":["b:AAAA","a:FeM="]}`,
    )
  })

  it('keeps keys of the wire away from prototypes', () => {
    const text = `{"dependentRealisations":{"__proto__":"${outPath}"},"id":"${id}","outPath":"${outPath}"}`
    expect(issueOf(RealisationByHash.make(text)).expected).to.include('a key of "dependentRealisations"')
    const hidden = `{"__proto__":{"id":"${id}","outPath":"${outPath}"}}`
    expect(issueOf(RealisationByHash.make(hidden)).expected).to.equal(
      '"id" to be a derivation output such as sha256:…!out',
    )
    expect(Object.hasOwn(Object.prototype, 'id')).to.equal(false)
  })

  it('prints a kept text only if it says the same', () => {
    const value = read(RealisationByHash, json({ id, outPath }))
    expect(() => RealisationByHash.encode({ ...value, signatures: ['k:AAAA' as Signature] })).to.throw(
      TypeError,
      'another form of the same',
    )
    expect(() => RealisationByHash.encode({ ...value, text: some('{') })).to.throw(TypeError, 'JSON')
    expect(() => RealisationByHash.encode({ ...value, text: some(canonical) })).to.throw(
      TypeError,
      'another form',
    )
    expect(() =>
      RealisationByHash.encode({
        ...value,
        text: none,
        dependentRealisations: new Map([['x', value.outPath]]),
      }),
    ).to.throw(TypeError)
    const shouting = new Map([[id.replace(hex, hex.toUpperCase()), value.outPath]])
    expect(() =>
      RealisationByHash.encode({ ...value, text: none, dependentRealisations: shouting }),
    ).to.throw(TypeError, `the canonical ${id}`)
  })

  it('reads every member and every dependency', () => {
    const text = json({ dependentRealisations: { [dependency]: outPath }, id, outPath })
    const value = read(RealisationByHash, text)
    expect(RealisationByHash.is(value)).to.equal(true)
    expect(RealisationByHash.is({ ...value, dependentRealisations: new Map() })).to.equal(false)
    expect(RealisationByHash.is({ ...value, text: none })).to.equal(true)
    const { _tag, ...untagged } = value
    expect(RealisationByHash.is({ ...untagged, text: none })).to.equal(false)
    expect(_tag).to.equal('Hash')
  })

  it('reads own members only, even if the prototype of all objects was changed', () => {
    const prototype = Object.prototype as { signatures?: unknown }
    prototype.signatures = ['k:AAAA']
    try {
      expect(read(RealisationByHash, json({ id, outPath })).signatures).to.deep.equal([])
    } finally {
      delete prototype.signatures
    }
  })

  it('reads any text as a signature; only the canonical profile requires its form', () => {
    const text = canonical.replace('[]', '["fake-sig-1","","k:!","k:AAAA"]')
    const value = read(RealisationByHash, text)
    expect(value.signatures).to.deep.equal(['fake-sig-1', '', 'k:!', 'k:AAAA'])
    expect(value.text).to.deep.equal(none)
    expect(RealisationByHash.encode(value)).to.equal(text)
    const { strict } = RealisationByHash.format
    expect(issueOf(strict?.(value, nixProtocol()) ?? right(null)).expected).to.include(
      'in "signatures"[0], at its position 10, ":"',
    )
    expect(strict?.({ ...value, signatures: ['k:AAAA'] }, nixProtocol())._tag).to.equal('Right')
  })

  describe('says which member is wrong', () => {
    const refusals: ReadonlyArray<readonly [unknown, string, string]> = [
      [{ outPath }, '"id" to be a derivation output', 'nothing'],
      [{ id }, '"outPath" to be the base name of a store path', 'nothing'],
      [{ id: 7, outPath }, '"id" to be', '7'],
      [{ id: 'x', outPath }, 'in "id", at its position 0, a hash with its algorithm', '"x"'],
      [
        { id, outPath: `/nix/store/${outPath}` },
        'in "outPath", at its position 0, a hash of 32',
        '"/nix/store/g1w7hy3qg1w7h',
      ],
      [{ id, outPath: null }, '"outPath" to be', 'null'],
      [{ id, outPath, signatures: null }, '"signatures" to be an array', 'null'],
      [{ id, outPath, signatures: {} }, '"signatures" to be an array', 'an object'],
      [
        { id, outPath, signatures: ['k:AAAA', '\udcfc'] },
        'in "signatures"[1], at its position 0',
        '"\\udcfc"',
      ],
      [{ id, outPath, signatures: [[]] }, '"signatures"[0] to be a signature', 'an array'],
      [{ id, outPath, signatures: [{ keyName: 'a:b', sig: 'AAAA' }] }, '"signatures"[0].keyName', '"a:b"'],
      [{ id, outPath, signatures: [{ keyName: 'a' }] }, '"signatures"[0].sig', 'nothing'],
      [{ id, outPath, signatures: [{ keyName: '', sig: 'AAAA' }] }, 'in "signatures"[0]', '":AAAA"'],
      [{ id, outPath, dependentRealisations: [] }, '"dependentRealisations" to be an object', 'an array'],
      [{ id, outPath, dependentRealisations: { x: outPath } }, 'a key of "dependentRealisations"', '"x"'],
      [
        { id, outPath, dependentRealisations: { [id]: true } },
        `"dependentRealisations"."${id}" to be`,
        'true',
      ],
      [[], 'a JSON object', '"[]"'],
      ['id', 'a JSON object', '"\\"id\\""'],
    ]
    for (const [value, expected, actual] of refusals) {
      it(`${JSON.stringify(value).slice(0, 100)}`, () => {
        const issue = issueOf(RealisationByHash.make(JSON.stringify(value)))
        expect(issue.expected).to.include(expected)
        expect(issue.actual.startsWith(actual), issue.actual).to.equal(true)
        expect(issue.position).to.equal(0)
      })
    }
  })

  it('says where the text stops being JSON, if the engine reports it', () => {
    expect(issueOf(RealisationByHash.make('{"ä":1}x'))).to.include({
      position: 8,
      expected: 'JSON',
      actual: '"x"',
    })
    expect(issueOf(RealisationByHash.make('{"id":'))).to.include({
      position: 6,
      actual: 'the end of the text',
    })
    expect(issueOf(RealisationByHash.make(''))).to.include({ position: 0, expected: 'JSON' })
    expect(issueOf(RealisationByHash.make(id))).to.include({ position: 0, expected: 'JSON' })
    expect(issueOf(RealisationByHash.make(canonical.replace('baz', '\ud800')))).to.include({
      expected: 'whole Unicode characters',
    })
    expect(issueOf(RealisationByHash.make(`\ufeff${canonical}`))).to.include({
      position: 0,
      expected: 'JSON',
    })
  })

  it('accepts JSON of any depth', () => {
    const deep = 1_000_000
    expect(issueOf(RealisationByHash.make('['.repeat(deep))).expected).to.equal('JSON')
    const whole = `${'['.repeat(deep)}${']'.repeat(deep)}`
    expect(issueOf(RealisationByHash.make(whole)).expected).to.equal('a JSON object')
    const inside = (member: string) => `{"id":"${id}","outPath":"${outPath}","${member}":${whole}}`
    expect(issueOf(RealisationByHash.make(inside('dependentRealisations'))).actual).to.equal('an array')
    expect(issueOf(RealisationByHash.make(inside('signatures'))).expected).to.include('"signatures"[0]')
    const ignored = read(RealisationByHash, inside('future'))
    expect(RealisationByHash.encode(ignored)).to.equal(inside('future'))
  })
})
