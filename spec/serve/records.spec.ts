import { expect } from 'chai'
import { none, some } from 'fp-ts/lib/Option.js'
import { type AnyGrammar, bytesOf, type Grammar, nodeName } from '../../combinators/index.js'
import { nodesIn } from '../../combinators/parts.js'
import * as G from '../../grammar/index.js'
import { serveInnerGrammars } from '../../grammar/inner.js'
import { compile, fromJson, toJson } from '../../interpreters/index.js'
import { describeLaws } from '../../laws/index.js'
import * as S from '../../serve/index.js'
import type * as T from '../../types/index.js'
import { bothWays } from '../support/both-ways.js'
import { storePath } from '../support/edge-values.js'
import { issueOf, rightOf } from '../support/either.js'
import { int, padded } from '../support/wire.js'

const all: ReadonlyArray<readonly [string, AnyGrammar]> = S.serveSections.flatMap(({ grammars }) => grammars)
const versions = ['2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8'] as const

const hex = '15e3c560894cbb27085cf65b5a2ecb18488c999497f4531b6907a7581ce6d527'
const nix32 = 'sha256:09ymwqf5i9q7d4dm7x4pjjcqqj0qrcp5lnznbh42gfsci5hcbqqm'

const hexOf = (...parts: ReadonlyArray<Uint8Array>): string => Buffer.concat(parts).toString('hex')

describe('the records of the serve protocol', () => {
  it('are all exported, under their names', () => {
    const exported = Object.entries(S).filter(([, value]) => typeof value === 'object' && 'node' in value)
    const grammars = exported.filter(([name]) => name !== 'serveProtocol').map(([name]) => name)
    expect(all.map(([name]) => name)).to.have.members(grammars)
    for (const [name, { node }] of all) {
      expect(nodeName(node)).to.equal(name)
    }
  })

  it('depend on versions of the serve protocol, and are rejected under one of the worker protocol', () => {
    let asking = 0
    for (const [name, grammar] of [...all, ...serveInnerGrammars()]) {
      const gated = [...nodesIn(grammar.node)].filter(({ _tag }) => _tag === 'gated')
      for (const { defaults } of gated) {
        expect(defaults, name).to.deep.equal({ version: '2.8', features: [] })
      }
      const under = (version: '1.38' | '2.1') => () => compile(grammar as Grammar<unknown>, { version })
      expect(under('2.1'), name).not.to.throw()
      if (gated.length > 0) {
        asking++
        expect(under('1.38'), name).to.throw(
          TypeError,
          'belongs to the protocol serve, whose versions are 2.x',
        )
      } else {
        expect(under('1.38'), name).not.to.throw()
      }
    }
    expect(asking).to.be.above(6)
  })

  it('are not confused with those of the worker protocol', () => {
    for (const grammar of [G.BuildResult, G.UnkeyedValidPathInfo, G.DerivedPath]) {
      const given = { version: '2.8', features: [] } as const
      expect(() => compile(grammar as Grammar<unknown>, given)).to.throw(
        TypeError,
        'belongs to the protocol worker, whose versions are 1.x',
      )
    }
  })

  it('have the hash of an archive since 2.4, in nix32 and with its algorithm, or none', () => {
    const path = storePath('a')
    const info = {
      deriver: none,
      references: [path],
      downloadSize: 9n,
      narSize: 9n,
      narHash: some(hex as string as T.NARHash),
      ca: none,
      signatures: ['k:AA=='],
    }
    const old = [int(0), int(1), padded(path), int(9), int(9)]
    const since24 = [...old, padded(nix32), int(0), int(1), padded('k:AA==')]
    bothWays(S.ServePathInfo, info, hexOf(...since24), { version: '2.4' })
    const unknown = { ...info, narHash: none, signatures: [] }
    bothWays(S.ServePathInfo, unknown, hexOf(...old), { version: '2.3' })
    bothWays(S.ServePathInfo, unknown, hexOf(...old, int(0), int(0), int(0)), { version: '2.8' })
    const lost = issueOf(compile(S.ServePathInfo, { version: '2.3' }).encode(info))
    expect([lost._tag, lost.path]).to.deep.equal(['Unrepresentable', ['narHash']])
    // A digest alone does not say its algorithm, and is refused by Nix.
    const bare = bytesOf(hexOf(...old, padded(hex), int(0), int(0)))
    const refused = issueOf(compile(S.ServePathInfo).decode(bare))
    expect([refused._tag, refused.path]).to.deep.equal(['InvalidText', ['narHash']])
    const json = rightOf(toJson(S.ServePathInfo, {}, info)) as { readonly narHash: string }
    expect(json.narHash).to.equal(nix32)
    expect(rightOf(fromJson(S.ServePathInfo, {}, json))).to.deep.equal(info)
  })

  it('have outputs by hash in 2.6 and 2.7, by name since 2.8, and none before', () => {
    const result = {
      status: 'Built',
      errorMsg: '',
      timesBuilt: 1,
      isNonDeterministic: false,
      startTime: 0n,
      stopTime: 0n,
    } as const
    const byName = new Map([
      ['out' as string as T.OutputName, { _tag: 'Path', outPath: storePath('a'), signatures: [] } as const],
    ])
    const head = [int(0), int(0), int(1), int(0), int(0), int(0)]
    const outputs = [int(1), padded('out'), padded(storePath('a')), int(0)]
    bothWays(S.ServeBuildResult, { ...result, builtOutputs: byName }, hexOf(...head, ...outputs))
    const refusal = (version: '2.5' | '2.7') => {
      const issue = issueOf(
        compile(S.ServeBuildResult, { version }).encode({ ...result, builtOutputs: byName }),
      )
      return [issue._tag, issue.path, issue.expected]
    }
    expect(refusal('2.7').slice(0, 2)).to.deep.equal(['Unrepresentable', ['builtOutputs']])
    expect(refusal('2.7')[2]).to.include('serve protocol 2.6 and 2.7')
    expect(refusal('2.5').slice(0, 2)).to.deep.equal(['Unrepresentable', ['builtOutputs']])
  })

  it('take a path that ends in .drv for all its outputs, in every version', () => {
    const drvPath = { _tag: 'Opaque', path: storePath('a.drv') } as const
    const built = { _tag: 'Built', drvPath, outputs: { _tag: 'All' } } as const
    for (const version of versions) {
      bothWays(S.ServeDerivedPath, built, hexOf(padded(storePath('a.drv'))), { version })
    }
    expect(issueOf(compile(S.ServeDerivedPath).encode(drvPath))._tag).to.equal('Unrepresentable')
  })

  for (const [, grammar] of all) {
    describeLaws(grammar as Grammar<unknown>)
  }
})

describe('negotiateServe', () => {
  it('uses the lower of two versions', () => {
    for (const ours of versions) {
      for (const theirs of versions) {
        expect(rightOf(S.negotiateServe(ours, theirs))).to.equal([ours, theirs].sort()[0])
      }
    }
    expect(rightOf(S.negotiateServe('2.8', '2.10'))).to.equal('2.8')
  })

  it('rejects another major version, on either side', () => {
    for (const other of ['1.38', '3.0', '0.0'] as const) {
      expect(S.negotiateServe('2.8', other)._tag).to.equal('Left')
      expect(S.negotiateServe(other, '2.8')._tag).to.equal('Left')
    }
  })
})
