import { expect } from 'chai'
import { One, operations } from '../../../grammar/index.js'
import { compile } from '../../../interpreters/index.js'
import { storePath } from '../../support/edge-values.js'
import { issueOf } from '../../support/either.js'
import { concat, int, padded } from '../../support/wire.js'
import { at, out, path, readAs, same } from './wire-forms.js'

describe('operations and their streams', () => {
  it('have a request without the stream that follows it', () => {
    const { request } = operations.AddMultipleToStore
    same(request, at('1.32'), { repair: true, dontCheckSigs: false }, int(1), int(0))
  })

  it('SubmitOutput names an output at any depth', () => {
    const { request } = operations.SubmitOutput
    const drvPath = { _tag: 'Opaque', path: storePath('d.drv') } as const
    same(
      request,
      at('1.38', 'submit-output'),
      { path: { _tag: 'Built', drvPath, output: out }, output: out },
      int(1),
      int(0),
      padded(drvPath.path),
      padded('out'),
      padded('out'),
    )
    const deep = concat(...Array.from({ length: 100_000 }, () => int(1)))
    expect(issueOf(compile(request).decode(deep))._tag).to.equal('LimitExceeded')
  })

  it('FindRoots may return a link twice', () => {
    const root = { link: '{censored}', path }
    const twice = [padded('{censored}'), padded(path), padded('{censored}'), padded(path)]
    same(operations.FindRoots.reply, {}, [root, root], int(2), ...twice)
  })

  it('cannot be encoded or decoded in versions that lack them', () => {
    for (const { request, reply } of [operations.OldCollectGarbage, operations.ImportPath]) {
      expect(issueOf(compile(request).decode(new Uint8Array(0)))._tag).to.equal('InvalidValue')
      expect(issueOf(compile(reply).encode(null as never))._tag).to.equal('Unrepresentable')
    }
  })

  it('accept any integer in place of 1, and write 1', () => {
    same(One, {}, undefined, int(1))
    readAs(One, {}, undefined, int(0))
    expect(issueOf(compile(One).decode(int(2n ** 32n)))._tag).to.equal('OutOfRange')
  })
})
