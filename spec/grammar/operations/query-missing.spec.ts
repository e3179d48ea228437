import { expect } from 'chai'
import { operations, type ReplyOf } from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'
import type * as T from '../../../types/index.js'
import { storePath } from '../../support/edge-values.js'
import { issueOf } from '../../support/either.js'
import { int, padded } from '../../support/wire.js'
import { at, other, out, path, readAs, same, unwritable } from './wire-forms.js'

const { reply } = operations.QueryMissing
const drv = storePath('x.drv')

const of = (...unknown: ReplyOf<'QueryMissing'>['unknown']): ReplyOf<'QueryMissing'> => ({
  willBuild: [],
  willSubstitute: [],
  unknown,
  downloadSize: 0n,
  narSize: 0n,
})

const outputs = (...names: ReadonlyArray<T.OutputName>): T.BuiltPath => ({
  _tag: 'Built',
  drvPath: { _tag: 'Opaque', path: drv },
  outputs: { _tag: 'Names', names },
})

describe('the unknown paths in the reply of QueryMissing', () => {
  const wire = (...texts: ReadonlyArray<string>) => [
    int(0),
    int(0),
    int(texts.length),
    ...texts.map(padded),
    int(0),
    int(0),
  ]

  it('are store paths, whatever their ending', () => {
    for (const version of ['1.19', '1.21', '1.22', '1.38'] as const) {
      same(reply, at(version), of(path, other), ...wire(path, other))
      same(reply, at(version), of(drv), ...wire(drv))
    }
  })

  it('may be outputs of a derivation below 1.22, as Nix 2.3 repeats them', () => {
    const dev = 'dev' as string as T.OutputName
    for (const version of ['1.19', '1.21'] as const) {
      same(reply, at(version), of(outputs(out)), ...wire(`${drv}!out`))
      same(reply, at(version), of(drv, outputs(dev, out), other), ...wire(drv, `${drv}!dev,out`, other))
      readAs(reply, at(version), of(outputs(dev, out)), ...wire(`${drv}!out,dev`))
    }
    unwritable(reply, at('1.22'), of(outputs(out)))
    const bytes = Buffer.concat(wire(`${drv}!out`))
    expect(issueOf(compile(reply, at('1.22')).decode(bytes))).to.deep.include({
      _tag: 'InvalidText',
      path: ['unknown', 0],
    })
  })

  it('have one value for each text', () => {
    const all: T.BuiltPath = { ...outputs(), outputs: { _tag: 'All' } }
    unwritable(reply, at('1.21'), of(all))
  })
})
