import { none, some } from 'fp-ts/lib/Option.js'
import { operations, type ReplyOf, type RequestOf } from '../../../grammar/index.js'
import type * as T from '../../../types/index.js'
import { sha256, signature, storePath } from '../../support/edge-values.js'
import { int, padded } from '../../support/wire.js'
import { at, other, out, path, readAs, same, unwritable } from './wire-forms.js'

const byPath = 'realisation-with-path-not-hash'

describe('operations on realisations', () => {
  const id: T.DrvOutputByHash = {
    _tag: 'Hash',
    algorithm: 'sha256',
    digest: sha256 as string as T.Base16Digest,
    outputName: out,
  }
  const idText = `sha256:${sha256}!out`
  const name = path.slice('/nix/store/'.length)
  const byHash: T.RealisationByHash = {
    _tag: 'Hash',
    id,
    outPath: name as string as T.BaseStorePath,
    signatures: [signature('k:AAAA')],
    dependentRealisations: new Map(),
    text: none,
  }
  const json = `{"dependentRealisations":{},"id":"${idText}","outPath":"${name}","signatures":["k:AAAA"]}`
  const drvPath = storePath('d.drv')

  it('RegisterDrvOutput has an output and a name, a text, or a record', () => {
    const { request } = operations.RegisterDrvOutput
    const byName: RequestOf<'RegisterDrvOutput'> = { realisation: { _tag: 'Name', id, outPath: name } }
    const record: RequestOf<'RegisterDrvOutput'> = {
      realisation: { _tag: 'Path', id: { drvPath, outputName: out }, outPath: path, signatures: [] },
    }
    same(request, at('1.27'), byName, padded(idText), padded(name))
    same(request, at('1.30'), byName, padded(idText), padded(name))
    same(request, at('1.31'), { realisation: byHash }, padded(json))
    same(request, at('1.38', byPath), record, padded(drvPath), padded('out'), padded(path), int(0))
    unwritable(request, at('1.30'), { realisation: byHash })
    unwritable(request, at('1.31'), byName)
    unwritable(request, at('1.31'), record)
    unwritable(request, at('1.38', byPath), { realisation: byHash })
  })

  it('RegisterDrvOutput below 1.31 reads requests that the daemon will reject', () => {
    const { request } = operations.RegisterDrvOutput
    same(
      request,
      at('1.30'),
      { realisation: { _tag: 'Name', id, outPath: path } },
      padded(idText),
      padded(path),
    )
  })

  it('QueryRealisation replies with paths, with texts, or with a record', () => {
    const { request, reply } = operations.QueryRealisation
    same(request, at('1.27'), { output: id }, padded(idText))
    same(
      request,
      at('1.38', byPath),
      { output: { _tag: 'Path', drvPath, outputName: out } },
      padded(drvPath),
      padded('out'),
    )
    const onlyPath: ReplyOf<'QueryRealisation'> = some({ _tag: 'OutPath', outPath: path })
    const record: ReplyOf<'QueryRealisation'> = some({ _tag: 'Path', outPath: path, signatures: [] })
    same(reply, at('1.30'), onlyPath, int(1), padded(path))
    same(reply, at('1.31'), some(byHash), int(1), padded(json))
    same(reply, at('1.38', byPath), record, int(1), padded(path), int(0))
    for (const given of [at('1.30'), at('1.31'), at('1.38', byPath)]) {
      same(reply, given, none, int(0))
    }
    unwritable(reply, at('1.30'), some(byHash))
    unwritable(reply, at('1.31'), onlyPath)
    unwritable(reply, at('1.38', byPath), onlyPath)
    readAs(reply, at('1.30'), onlyPath, int(2), padded(path), padded(other))
  })
})
