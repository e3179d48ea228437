import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { operations, type RequestOf } from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'
import type * as T from '../../../types/index.js'
import { sha256 } from '../../support/edge-values.js'
import { issueOf, rightOf } from '../../support/either.js'
import { concat, int, padded } from '../../support/wire.js'
import { at, info, infoBytes, other, path, readAs, same, unwritable } from './wire-forms.js'

describe('operations that change their form', () => {
  it('AddToStore has two fields and a flag below 1.25, a method since', () => {
    const { request } = operations.AddToStore
    const plain: RequestOf<'AddToStore'> = {
      name: 'x',
      method: { _tag: 'NixArchive', algorithm: 'sha256' },
      references: [],
      repair: false,
    }
    const flat: RequestOf<'AddToStore'> = { ...plain, method: { _tag: 'Flat', algorithm: 'sha256' } }
    const sha1: RequestOf<'AddToStore'> = { ...plain, method: { _tag: 'NixArchive', algorithm: 'sha1' } }
    same(request, at('1.24'), plain, padded('x'), int(0), int(1), padded('sha256'))
    same(request, at('1.24'), flat, padded('x'), int(1), int(0), padded('sha256'))
    same(request, at('1.24'), sha1, padded('x'), int(1), int(1), padded('sha1'))
    readAs(request, at('1.24'), plain, padded('x'), int(0), int(0), padded('sha1'))
    readAs(request, at('1.24'), plain, padded('x'), int(1), int(1), padded('sha256'))
    unwritable(request, at('1.24'), { ...plain, method: { _tag: 'Text', algorithm: 'sha256' } })
    unwritable(request, at('1.24'), { ...plain, references: [path] })
    unwritable(request, at('1.24'), { ...plain, repair: true })
    same(request, at('1.25'), plain, padded('x'), padded('fixed:r:sha256'), int(0), int(0))
    const text: RequestOf<'AddToStore'> = {
      name: 'x',
      method: { _tag: 'Text', algorithm: 'sha256' },
      references: [path],
      repair: true,
    }
    same(request, at('1.25'), text, padded('x'), padded('text:sha256'), int(1), padded(path), int(1))
  })

  it('AddToStore replies with a path below 1.25, with a path info since', () => {
    const { reply } = operations.AddToStore
    same(reply, at('1.24'), { path, info: none }, padded(path))
    unwritable(reply, at('1.24'), { path, info: some(info) })
    same(reply, at('1.25'), { path, info: some(info) }, padded(path), infoBytes)
    unwritable(reply, at('1.25'), { path, info: none })
  })

  it('QueryPathInfo may reply with none since 1.17', () => {
    const { reply } = operations.QueryPathInfo
    same(reply, at('1.17'), none, int(0))
    unwritable(reply, at('1.16'), none)
    expect(issueOf(compile(reply).decode(int(2)))._tag).to.equal('UnknownTag')
    const least = concat(padded(''), padded(sha256), ...[0, 0, 0].map(int))
    const decoded = rightOf(compile(reply, at('1.15')).decode(least))
    expect(compile(reply, at('1.15')).encode(decoded)).to.deep.equal(right(least))
    expect(decoded._tag).to.equal('Some')
  })

  it('BuildPaths has a list of paths, and a mode since 1.15', () => {
    const { request } = operations.BuildPaths
    const opaque: T.DerivedPath = { _tag: 'Opaque', path }
    const twice = concat(int(2), padded(path), padded(path))
    same(request, at('1.14'), { paths: [opaque, opaque], mode: 'Normal' }, twice)
    unwritable(request, at('1.14'), { paths: [], mode: 'Check' })
    same(request, at('1.15'), { paths: [opaque, opaque], mode: 'Check' }, twice, int(2))
  })

  it('QueryValidPaths may substitute since 1.27', () => {
    const { request } = operations.QueryValidPaths
    same(request, at('1.26'), { paths: [path], substitute: false }, int(1), padded(path))
    unwritable(request, at('1.26'), { paths: [], substitute: true })
    same(request, at('1.27'), { paths: [path], substitute: true }, int(1), padded(path), int(1))
    readAs(request, at('1.27'), { paths: [], substitute: true }, int(0), int(7))
  })

  it('QuerySubstitutablePathInfos has content addresses since 1.22', () => {
    const { request } = operations.QuerySubstitutablePathInfos
    const ca: T.ContentAddress = {
      _tag: 'Flat',
      algorithm: 'sha1',
      digest: '0'.repeat(32) as string as T.Nix32Digest,
    }
    same(request, at('1.21'), { paths: new Map([[path, none]]) }, int(1), padded(path))
    unwritable(request, at('1.21'), { paths: new Map([[path, some(ca)]]) })
    const both = new Map([
      [path, none],
      [other, some(ca)],
    ])
    const text = `fixed:sha1:${'0'.repeat(32)}`
    same(request, at('1.22'), { paths: both }, int(2), padded(path), padded(''), padded(other), padded(text))
  })

  it('SetOptions has overrides since 1.12, of which the first of two counts', () => {
    const { request } = operations.SetOptions
    const options: RequestOf<'SetOptions'> = {
      keepFailed: true,
      keepGoing: false,
      tryFallback: true,
      verbosity: 'Info',
      maxBuildJobs: 4,
      maxSilentTime: 2 ** 32 - 1,
      verboseBuild: true,
      buildCores: 5,
      useSubstitutes: false,
      overrides: new Map(),
    }
    const integers = [1, 0, 1, 3, 4, 2 ** 32 - 1, 1, 0, 0, 0, 5, 0].map(int)
    same(request, at('1.10'), options, ...integers)
    const overrides = new Map([
      ['__proto__', 'x'],
      ['a', 'é'],
    ])
    unwritable(request, at('1.11'), { ...options, overrides })
    const pairs = [int(2), padded('__proto__'), padded('x'), padded('a'), padded('é')]
    same(request, at('1.12'), { ...options, overrides }, ...integers, ...pairs)
    const twice = [int(2), padded('a'), padded('1'), padded('a'), padded('2')]
    readAs(request, at('1.12'), { ...options, overrides: new Map([['a', '1']]) }, ...integers, ...twice)
  })

  it('SetOptions is verbose exactly if the level is 0', () => {
    const { request } = operations.SetOptions
    for (const [level, verbose] of [
      [0, true],
      [1, false],
      [7, false],
      [2 ** 32 - 1, false],
    ] as const) {
      const wire = concat(...[0, 0, 0, 0, 0, 0, 9, level, 9, 9, 0, 0].map(int))
      expect(rightOf(compile(request, at('1.11')).decode(wire)).verboseBuild).to.equal(verbose)
    }
  })

  it('CollectGarbage has a set of paths, or a record if the feature is agreed on', () => {
    const { request } = operations.CollectGarbage
    const gc = (
      action: RequestOf<'CollectGarbage'>['action'],
      paths: RequestOf<'CollectGarbage'>['paths'],
    ): RequestOf<'CollectGarbage'> => ({ action, paths, ignoreLiveness: false, maxFreed: 2n ** 64n - 1n })
    const rest = [int(0), int(2n ** 64n - 1n), int(0), int(0), int(0)]
    const specific = { _tag: 'SpecificPaths', paths: [path], deleteReferrers: false } as const
    same(request, {}, gc('DeleteDead', { _tag: 'WholeStore' }), int(2), int(0), ...rest)
    same(request, {}, gc('DeleteSpecific', specific), int(3), int(1), padded(path), ...rest)
    same(request, {}, gc('DeleteSpecific', { ...specific, paths: [] }), int(3), int(0), ...rest)
    unwritable(request, {}, gc('DeleteSpecific', { _tag: 'WholeStore' }))
    unwritable(request, {}, gc('DeleteDead', { ...specific, paths: [] }))
    unwritable(request, {}, gc('DeleteSpecific', { ...specific, deleteReferrers: true }))
    const feature = at('1.38', 'delete-dead-specific-referrers')
    same(request, feature, gc('DeleteDead', { _tag: 'WholeStore' }), int(2), int(1), ...rest)
    const referrers = { ...specific, deleteReferrers: true }
    same(request, feature, gc('DeleteDead', referrers), int(2), int(0), int(1), padded(path), int(1), ...rest)
    expect(issueOf(compile(request, feature).decode(concat(int(2), int(2), ...rest)))._tag).to.equal(
      'UnknownTag',
    )
    expect(issueOf(compile(request).decode(concat(int(4), int(0), ...rest)))._tag).to.equal('UnknownTag')
    const used = [int(0), int(0), int(1), int(2), int(3)]
    readAs(
      request,
      {},
      { ...gc('ReturnLive', { _tag: 'WholeStore' }), maxFreed: 0n },
      int(0),
      int(0),
      ...used,
    )
  })
})
