import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { isSome, none, type Option, some } from 'fp-ts/lib/Option.js'
import { versionBits, versionFromBits } from '../../../combinators/index.js'
import {
  type AnyOperation,
  builderRpcOperations,
  builderRpcProtocol,
  determinateOperations,
  hasReply,
  lixOperations,
  lixVersion,
  Nothing,
  One,
  type OperationName,
  operationById,
  operations,
  operationsOf,
  type ReplyOf,
  type RequestOf,
  type Stream,
  streamOf,
  takesNoArguments,
  type UnkeyedValidPathInfo,
} from '../../../grammar/index.js'
import type { StorePath } from '../../../types/index.js'
import { nixProtocol } from '../../../types/nix-protocol.js'
import { describeWithShared, sharedPath } from '../../support/shared.js'

const all: ReadonlyArray<AnyOperation> = Object.values(operations)

const named = (name: string): AnyOperation => {
  const found = all.find((operation) => operation.name === name)
  expect(found, name).not.to.equal(undefined)
  return found as AnyOperation
}

/** The rows of a Markdown table below a heading. */
const rowsBelow = (heading: string): ReadonlyArray<ReadonlyArray<string>> => {
  const text = readFileSync(sharedPath('protocol', 'semantics.md'), 'utf8')
  const [, below = ''] = text.split(`\n### ${heading}`)
  const [section = ''] = below.split('\n###')
  return section
    .split('\n')
    .filter((line) => /^\| [0-9]+ \|/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

const idsOn = (line: string): ReadonlyArray<number> => (line.match(/\b[0-9]+\b/g) ?? []).map(Number)

/** What the reference gives as the first version: a number such as 1.02, or the release 0.11, which speaks 1.02. */
const versionOf = (since: string): string =>
  since === '0.11' ? '1.2' : since.replace(/^1\.0([0-9])$/, '1.$1')

const worker = { name: 'worker', major: 1 }

describeWithShared('the table of operations, and the reference', () => {
  it('have the same current operations, first versions and replies', () => {
    const rows = rowsBelow('11.1')
    expect(rows).to.have.length(32)
    for (const [id, name, since, , reply] of rows) {
      const operation = named(name!)
      expect(operation.id, name).to.equal(Number(id))
      expect(operation.status, name).to.equal('current')
      expect(operation.until, name).to.equal(null)
      if (since === 'feature') {
        expect(operation.gate._tag, name).to.equal('feature')
      } else {
        expect(operation.since, name).to.equal(versionOf(since!))
        expect(operation.gate, name).to.deep.equal({ _tag: 'since', version: operation.since, of: worker })
      }
      expect(operation.reply === One, name).to.equal(reply === '"1"')
      expect(operation.reply === Nothing, name).to.equal(reply === '**no body**' || name === 'NarFromPath')
    }
  })

  it('restrict the same operations to trusted clients', () => {
    for (const [, name, , , , notes] of rowsBelow('11.1')) {
      const trust = /^T($|;)/.test(notes!) ? 'trusted' : /^[Tt]\b/.test(notes!) ? 'restricted' : 'any'
      // Overrides of untrusted clients are ignored, which the reference does not count as a restriction.
      expect(named(name!).trust, name).to.equal(name === 'SetOptions' ? 'restricted' : trust)
    }
  })

  it('have the same obsolete operations', () => {
    const rows = rowsBelow('11.6')
    expect(rows.map(([id]) => Number(id))).to.deep.equal(
      all.filter(({ status }) => status === 'obsolete').map(({ id }) => id),
    )
    for (const [id, name, , reply] of rows) {
      expect(named(name!).id).to.equal(Number(id))
      expect(named(name!).reply === One, name).to.equal(reply === '"1"')
    }
  })

  it('have the same removed operations, up to the same releases', () => {
    const rows = rowsBelow('11.7')
    expect(rows.map(([id, , , last]) => [Number(id), last])).to.deep.equal(
      all.filter(({ status }) => status === 'removed').map(({ id, until }) => [id, until]),
    )
    for (const [id, name] of rows) {
      const operation = named(name === 'CollectGarbage (old)' ? 'OldCollectGarbage' : name!)
      expect(operation.id).to.equal(Number(id))
    }
  })

  it('have every operation in one of their lists, each id and each name once', () => {
    const ids = ['11.1', '11.6', '11.7'].flatMap((heading) => rowsBelow(heading).map(([id]) => Number(id)))
    expect(all.map(({ id }) => id)).to.deep.equal([...ids].sort((a, b) => a - b))
    expect(new Set(ids).size).to.equal(ids.length)
    expect(Object.keys(operations)).to.deep.equal(all.map(({ name }) => name))
  })

  it('classify replies and uploads in the same way', () => {
    const text = readFileSync(sharedPath('protocol', 'semantics.md'), 'utf8')
    const [, section = ''] = text.split('\n### 11.8')
    const line = (start: string) => section.split('\n').find((each) => each.startsWith(`* ${start}`)) ?? ''
    const ids = (test: (operation: AnyOperation) => boolean) => all.filter(test).map(({ id }) => id)
    // The reply of 38 is an archive, and operation 0 has none.
    expect(ids(({ reply }) => reply === Nothing)).to.have.members([...idsOn(line('No reply body')), 38, 0])
    expect(ids(({ reply }) => reply === One)).to.have.members(idsOn(line('Fixed reply integer 1').slice(24)))
    const logging = ids(({ streams }) => streams.some(({ way }) => way === 'framed' || way === 'pulled'))
    expect(logging).to.have.members([7, 39, 44, 45, 1001, 27])
  })
})

describe('the table of operations', () => {
  it('lists the operations of a protocol', () => {
    const idsAt = (version: `1.${number}`) => operationsOf({ version }).map(({ id }) => id)
    expect(idsAt('1.10')).to.deep.equal([
      0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    ])
    const added = Array.from({ length: 28 }, (_, i) => i + 11).flatMap((minor) =>
      idsAt(`1.${minor}`)
        .filter((id) => !idsAt(`1.${minor - 1}`).includes(id))
        .map((id) => [id, minor]),
    )
    expect(added).to.deep.equal([
      [29, 11],
      [30, 12],
      [31, 12],
      [32, 12],
      [33, 13],
      [34, 14],
      [35, 14],
      [36, 14],
      [37, 16],
      [38, 17],
      [39, 17],
      [40, 19],
      [41, 22],
      [42, 27],
      [43, 27],
      [44, 32],
      [45, 32],
      [46, 34],
      [47, 36],
    ])
  })

  it('finds an operation by its id, if the protocol has it', () => {
    expect(operationById(26, { version: '1.10' })).to.deep.equal(some(operations.QueryPathInfo))
    expect(operationById(2, {})).to.deep.equal(none)
    expect(operationById(15, {})).to.deep.equal(none)
    expect(operationById(1000, {})).to.deep.equal(none)
    expect(operationById(1000, { features: ['submit-output'] })).to.deep.equal(some(operations.SubmitOutput))
    expect(operationById(48, { features: ['queryActiveBuilds'] })).to.deep.equal(none)
    expect(operationById(48, { features: ['queryActiveBuilds'] }, determinateOperations)).to.deep.equal(
      some(determinateOperations.QueryActiveBuilds),
    )
  })

  it('says which stream an operation has in which version', () => {
    const wayAt = (name: OperationName, minor: number) =>
      streamOf(operations[name], nixProtocol({ version: versionFromBits(versionBits('1.0') + minor) }))?.way
    const waysOf = (name: OperationName) =>
      [10, 17, 20, 21, 22, 23, 24, 25, 38].map((minor) => wayAt(name, minor))
    const [raw, pulled, framed] = ['raw', 'pulled', 'framed']
    expect(waysOf('AddToStoreNar')).to.deep.equal([
      undefined,
      raw,
      raw,
      pulled,
      pulled,
      framed,
      framed,
      framed,
      framed,
    ])
    expect(waysOf('AddToStore')).to.deep.equal([raw, raw, raw, raw, raw, raw, raw, framed, framed])
    expect(wayAt('NarFromPath', 38)).to.equal('raw')
    expect(wayAt('ExportPath', 10)).to.equal('pushed')
    expect(wayAt('ImportPaths', 10)).to.equal('pulled')
    expect(wayAt('QueryPathInfo', 38)).to.equal(undefined)
  })

  it('distinguishes requests without arguments and replies without a value', () => {
    const names = (test: (operation: AnyOperation) => boolean) => all.filter(test).map(({ name }) => name)
    expect(names(takesNoArguments)).to.deep.equal([
      'Quit',
      'SyncWithGC',
      'FindRoots',
      'QueryAllValidPaths',
      'QueryFailedPaths',
      'ImportPaths',
      'OptimiseStore',
    ])
    expect(hasReply(operations.IsValidPath)).to.equal(true)
    expect(hasReply(operations.EnsurePath)).to.equal(false)
    expect(hasReply(operations.SetOptions)).to.equal(false)
  })

  it('has types derived from the grammars', () => {
    expectTypeOf<RequestOf<'QueryPathInfo'>>().toEqualTypeOf<{ readonly path: StorePath }>()
    expectTypeOf<ReplyOf<'QueryPathInfo'>>().toEqualTypeOf<Option<UnkeyedValidPathInfo>>()
    expectTypeOf<ReplyOf<'SetOptions'>>().toEqualTypeOf<undefined>()
    expectTypeOf<ReplyOf<'EnsurePath'>>().toEqualTypeOf<undefined>()
    expectTypeOf<ReplyOf<'QueryReferrers'>>().toEqualTypeOf<ReadonlyArray<StorePath>>()
    expectTypeOf<RequestOf<'OldCollectGarbage'>>().toEqualTypeOf<never>()
    expectTypeOf<(typeof operations)['VerifyStore']['name']>().toEqualTypeOf<'VerifyStore'>()
    // @ts-expect-error: not an operation
    expectTypeOf<RequestOf<'Nothing'>>().toBeUnknown()
  })

  it('is frozen', () => {
    expect(all.every(Object.isFrozen)).to.equal(true)
  })

  it('allows a stream only a way of its direction', () => {
    const { gate } = operations.AddToStoreNar
    const upload: Stream = { direction: 'upload', way: 'framed', gate, content: 'Nar' }
    // @ts-expect-error: frames carry uploads only
    const download: Stream = { direction: 'download', way: 'framed', gate, content: 'Nar' }
    expect([upload.way, download.way]).to.deep.equal(['framed', 'framed'])
  })
})

describe('dialects', () => {
  it('of Determinate Nix add three operations, each with a feature', () => {
    const added = Object.values<AnyOperation>(determinateOperations).filter(
      ({ id }) => !all.some((operation) => operation.id === id),
    )
    expect(added.map(({ id, gate }) => [id, gate])).to.deep.equal([
      [48, { _tag: 'feature', feature: 'queryActiveBuilds', of: worker }],
      [49, { _tag: 'feature', feature: 'addTempRoots', of: worker }],
      [50, { _tag: 'feature', feature: 'queryPathInfos', of: worker }],
    ])
  })

  it('of Lix have one version, and lack AddPermRoot', () => {
    expect(lixVersion).to.equal('1.35')
    expect(isSome(operationById(46, { version: lixVersion }, lixOperations))).to.equal(true)
    expect(operationById(47, { version: lixVersion }, lixOperations)).to.deep.equal(none)
    expect(lixOperations.QueryRealisation.note).to.include('error')
    expect(lixOperations.QueryRealisation.request).to.equal(operations.QueryRealisation.request)
  })

  it('of a builder have seven operations, all in its protocol', () => {
    const names = Object.keys(builderRpcOperations)
    expect(operationsOf(builderRpcProtocol, builderRpcOperations).map(({ name }) => name)).to.deep.equal(
      names,
    )
    expect(names).to.have.length(7)
  })
})
