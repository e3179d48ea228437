import { some } from 'fp-ts/lib/Option.js'
import { AddedPathInfo, determinateOperations, type RequestOf } from '../../../grammar/index.js'
import { int, padded } from '../../support/wire.js'
import { at, info, infoBytes, path, same, unwritable } from './wire-forms.js'

describe('operations of Determinate Nix', () => {
  it('have a provenance after a path info, with the feature', () => {
    const { QueryPathInfo, AddToStoreNar, AddToStore, QueryPathInfos } = determinateOperations
    const feature = at('1.38', 'provenance', 'queryPathInfos')
    same(QueryPathInfo.reply, feature, some({ info, provenance: '{}' }), int(1), infoBytes, padded('{}'))
    same(QueryPathInfo.reply, {}, some({ info, provenance: '' }), int(1), infoBytes)
    unwritable(QueryPathInfo.reply, {}, some({ info, provenance: '{}' }))
    same(
      AddToStoreNar.request,
      feature,
      { info: { path, info }, provenance: '{}', repair: true, dontCheckSigs: false },
      padded(path),
      infoBytes,
      padded('{}'),
      int(1),
      int(0),
    )
    const add: RequestOf<'AddToStore'> = {
      name: 'x',
      method: { _tag: 'Flat', algorithm: 'md5' },
      references: [],
      repair: true,
    }
    const added = [padded('x'), padded('fixed:md5'), int(0), int(1)]
    same(AddToStore.request, feature, { add, provenance: '{}' }, ...added, padded('{}'))
    same(AddToStore.request, at('1.38'), { add, provenance: '' }, ...added)
    const item = { info: { path, info }, provenance: '' }
    same(QueryPathInfos.reply, feature, [item], int(1), padded(path), infoBytes, padded(''))
  })

  it('have the form of 1.16 inside AddMultipleToStore, unless versioned', () => {
    const item = { info: { path, info }, provenance: '' }
    same(AddedPathInfo, at('1.38', 'provenance'), item, padded(path), infoBytes)
    const versioned = at('1.38', 'provenance', 'versionedAddToStoreMultiple')
    same(AddedPathInfo, versioned, { ...item, provenance: '{}' }, padded(path), infoBytes, padded('{}'))
  })
})
