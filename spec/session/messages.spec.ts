import { expect } from 'chai'
import { isRight } from 'fp-ts/lib/Either.js'
import { determinateOperations, lixOperations } from '../../grammar/operations/dialects.js'
import { Nothing, One, takesNoArguments, UnknownForm } from '../../grammar/operations/operation.js'
import { type OperationTable, operations } from '../../grammar/operations/table.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import { ConnectionReader } from '../../session/connection-reader.js'
import type { Side } from '../../session/events.js'
import { serveNames, workerNames } from '../../session/recording/message-types.js'
import { MessageSlicer, type Slice } from '../../session/recording/messages.js'
import { greeting, turnsAt } from '../serve/session.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'
import { concat } from '../support/wire.js'

/** Both streams, in the order in which they are needed, in pieces of some size. */
const slicesOf = (
  { client, server }: { readonly client: Uint8Array; readonly server: Uint8Array },
  hold: number,
  size = 65_536,
  storeDir?: string,
): ReadonlyArray<Slice> => {
  const slicer = new MessageSlicer(hold, storeDir)
  const decoder = new ConnectionReader(storeDir === undefined ? {} : { storeDir })
  const rest = { client, server }
  const slices: Array<Slice> = []
  const keep = (found: ReadonlyArray<Slice>): void => {
    for (const slice of found) {
      slices.push({ ...slice, bytes: Uint8Array.from(slice.bytes) })
    }
  }
  for (let at = 0; rest.client.length + rest.server.length > 0; at++) {
    const wanted: Side = decoder.wants('server') && !decoder.wants('client') ? 'server' : 'client'
    const other: Side = wanted === 'client' ? 'server' : 'client'
    const side = rest[wanted].length > 0 ? wanted : other
    const bytes = Buffer.from(Uint8Array.from(rest[side].subarray(0, size)))
    rest[side] = rest[side].subarray(size)
    decoder.push(side, bytes)
    keep(slicer.push(side, bytes, at))
    // The reader reuses its buffer.
    bytes.fill(0xee)
  }
  keep(slicer.end('client'))
  keep(slicer.end('server'))
  return slices
}

const told = (slices: ReadonlyArray<Slice>) =>
  slices.map(({ side, bytes, about }) => [side, bytes.length, about.part, about.operation, about.type])

const joinedOf = (slices: ReadonlyArray<Slice>, side: Side): Buffer =>
  Buffer.concat(slices.filter((slice) => slice.side === side).map(({ bytes }) => bytes))

const session = (): ScriptedSession => {
  const script = new ScriptedSession({ version: '1.34' })
  script.number('client', 1).text('client', somePath)
  script.last().number('server', 1)
  script.number('client', 39).text('client', somePath)
  return script
}

describe('the messages of a recording', () => {
  it('have their types, their operation, and the protocol', () => {
    const script = session()
    const slices = slicesOf(script.bytes, 2 ** 18)
    expect(told(slices)).to.deep.equal([
      ['client', 8, 'Whole', '', 'Int'],
      ['client', 8, 'Whole', '', 'ProtocolVersion'],
      ['server', 16, 'Whole', '', 'ServerHello'],
      ['client', 8, 'Whole', '', 'CpuAffinityFlag'],
      ['client', 8, 'Whole', '', 'ReserveSpace'],
      ['server', 16, 'Whole', '', 'ClientHandshakeInfo'],
      ['server', 8, 'Whole', '', 'LogMessage'],
      ['client', 8, 'Whole', 'IsValidPath', 'Int'],
      ['client', 56, 'Whole', 'IsValidPath', 'IsValidPathRequest'],
      ['server', 8, 'Whole', 'IsValidPath', 'LogMessage'],
      ['server', 8, 'Whole', 'IsValidPath', 'Bool'],
      ['client', 8, 'Whole', 'AddToStoreNar', 'Int'],
      ['client', 56, 'Unknown', 'AddToStoreNar', ''],
    ])
    expect(slices.map(({ about }) => about.version).slice(-3)).to.deep.equal(['1.34', '1.34', '1.34'])
  })

  it('are reported as far as they are known if no bytes may wait', () => {
    const slices = slicesOf(session().bytes, 0, 5)
    expect(slices.every(({ bytes }) => bytes.length <= 5)).to.equal(true)
    expect(slices.filter(({ about }) => about.type === 'IsValidPathRequest')).to.have.lengthOf(1)
    for (const side of ['client', 'server'] as const) {
      expect(joinedOf(slices, side)).to.deep.equal(session().bytes[side])
    }
  })

  it('include the content of an upload as it came', () => {
    const script = new ScriptedSession({ version: '1.34' })
    const nar = narOf(new Uint8Array(500_000))
    script.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
    script.frames(nar, 100_000)
    const slices = slicesOf(script.bytes, 2 ** 18)
    const request = slices.findIndex(({ about }) => about.type === 'AddToStoreRequest')
    const content = slices.slice(request + 1)
    expect(content.length).to.be.greaterThan(1)
    expect([
      ...new Set(content.map(({ about }) => `${about.operation} ${about.part} ${about.type}`)),
    ]).to.deep.equal(['AddToStore Unknown '])
    expect(joinedOf(slices, 'client')).to.deep.equal(script.bytes.client)
  })

  it('are reported as bytes after bytes that cannot be read', () => {
    const script = session().number('server', 7, 7, 7)
    const slices = slicesOf(script.bytes, 2 ** 18, 8)
    expect(slices.at(-1)?.about.type).to.equal('')
    expect(joinedOf(slices, 'server')).to.deep.equal(script.bytes.server)
  })

  const directories: ReadonlyArray<readonly [dir: string, given: string | undefined]> = [
    ['/gnu/store', undefined],
    ['/gnu/store', '/gnu/store'],
    ['/home/tea/store', undefined],
  ]
  for (const [dir, given] of directories) {
    it(`have their types in ${dir}${given === undefined ? ', which the first path shows' : ''}`, () => {
      const script = new ScriptedSession({ version: '1.34' })
      script.number('client', 1).text('client', somePath.replace('/nix/store', dir))
      script.last().number('server', 1)
      for (const [hold, size, part] of [
        [2 ** 18, 65_536, 'Whole'],
        [2 ** 18, 5, 'Whole'],
        [0, 5, 'Last'],
      ] as const) {
        const types = told(slicesOf(script.bytes, hold, size, given))
        expect(
          types.filter(([, , , , type]) => type === 'IsValidPathRequest').map(([, , is]) => is),
        ).to.deep.equal([part])
        expect(types.at(-1)?.slice(3)).to.deep.equal(['IsValidPath', 'Bool'])
      }
    })
  }

  it('use no other store directory than the given one', () => {
    const types = told(slicesOf(session().bytes, 2 ** 18, 65_536, '/gnu/store'))
    expect(types.filter(([, , , , type]) => type === 'IsValidPathRequest')).to.deep.equal([])
    for (const given of ['store', '/a/../b', 7 as unknown as string]) {
      expect(() => new MessageSlicer(0, given)).to.throw()
    }
  })

  describe('of a daemon that reports an error, and repeats it before it closes,', () => {
    const refused = (operation: number, path?: string): ScriptedSession => {
      const script = new ScriptedSession({ version: '1.34' }).number('client', operation)
      return (path === undefined ? script : script.text('client', path)).error('no tea').error('no tea')
    }
    const rows: ReadonlyArray<readonly [what: string, script: ScriptedSession, operation: string]> = [
      ['an operation', refused(1, somePath), 'IsValidPath'],
      ['one that does not exist', refused(99), ''],
    ]
    for (const [what, script, operation] of rows) {
      for (const [hold, size] of [
        [2 ** 18, 65_536],
        [0, 65_536],
      ] as const) {
        it(`${what}, have their types, with ${hold} bytes that may wait`, () => {
          const slices = slicesOf(script.bytes, hold, size)
          expect(told(slices).slice(-2)).to.deep.equal(
            Array(2).fill(['server', 80, 'Whole', operation, 'LogMessage']),
          )
          expect(joinedOf(slices, 'server')).to.deep.equal(script.bytes.server)
        })
      }
    }

    it('have no types after anything but an error', () => {
      const script = refused(1, somePath).number('server', 7).error('no tea')
      const slices = slicesOf(script.bytes, 2 ** 18)
      expect(told(slices).slice(-2)).to.deep.equal([
        ['server', 80, 'Whole', 'IsValidPath', 'LogMessage'],
        ['server', 88, 'Unknown', '', ''],
      ])
    })
  })

  it('are not taken for errors inside a download', () => {
    const script = new ScriptedSession({ version: '1.34' })
    script.number('client', 38).text('client', somePath).last()
    script.server(narOf(new ScriptedSession({ version: '1.34' }).error('no tea').bytes.server))
    const slices = slicesOf(script.bytes, 0, 8)
    expect(
      slices.filter(({ about }) => about.type === 'LogMessage' && about.operation !== ''),
    ).to.have.lengthOf(1)
  })

  it('have the types and versions of the serve protocol, recognised by its magic', () => {
    const turns = [greeting(7), ...turnsAt(7)]
    const streams = {
      client: concat(...turns.flatMap(({ client }) => client)),
      server: concat(...turns.flatMap(({ server }) => server)),
    }
    const slices = slicesOf(streams, 2 ** 18)
    for (const [hold, size] of [
      [2 ** 18, 65_536],
      [0, 5],
    ] as const) {
      const all = slicesOf(streams, hold, size)
      expect(joinedOf(all, 'client').equals(streams.client)).to.equal(true)
      expect(joinedOf(all, 'server').equals(streams.server)).to.equal(true)
      expect(all.filter(({ about }) => about.type === 'ServeBuildDerivationRequest')).to.have.lengthOf(1)
    }
    expect(told(slices).slice(0, 10)).to.deep.equal([
      ['client', 8, 'Whole', '', 'Int'],
      ['client', 8, 'Whole', '', 'ProtocolVersion'],
      ['server', 16, 'Whole', '', 'ServeServerHello'],
      ['client', 8, 'Whole', 'QueryValidPaths', 'Int'],
      ['client', 80, 'Whole', 'QueryValidPaths', 'ServeQueryValidPathsRequest'],
      ['server', 64, 'Whole', 'QueryValidPaths', 'ServePaths'],
      ['client', 8, 'Whole', 'QueryPathInfos', 'Int'],
      ['client', 64, 'Whole', 'QueryPathInfos', 'ServeQueryPathInfosRequest'],
      ['server', 56, 'Whole', 'QueryPathInfos', 'OptStorePath'],
      ['server', 192, 'Whole', 'QueryPathInfos', 'ServePathInfo'],
    ])
    const versions = new Set(slices.slice(3).map(({ about }) => about.version))
    expect([...versions]).to.deep.equal(['2.7'])
    const download = slices.find(
      ({ side, about }) => side === 'server' && about.operation === 'DumpStorePath',
    )
    expect(download?.about).to.deep.include({ part: 'Unknown', type: '' })
  })

  it('have the types of Determinate Nix, if its daemon answers', () => {
    const features = ['provenance', 'queryPathInfos']
    const script = new ScriptedSession({ version: '1.38', features })
    script.number('client', 50, 1).text('client', somePath)
    script.last().number('server', 0)
    // The provenance of an added path.
    script.number('client', 7).text('client', 'x').text('client', 'fixed:r:sha256').number('client', 0, 0)
    script.text('client', '{}')
    script.frames(narOf(new Uint8Array(8)))
    script.number('client', 1).text('client', somePath)
    const slices = told(slicesOf(script.bytes, 2 ** 18))
    expect(
      slices.filter(([, , , operation]) => operation !== '').map(([, , , ...names]) => names),
    ).to.deep.equal([
      ['QueryPathInfos', 'Int'],
      ['QueryPathInfos', 'QueryPathInfosRequest'],
      ['QueryPathInfos', 'LogMessage'],
      ['QueryPathInfos', 'List<PathInfoWithProvenance>'],
      ['AddToStore', 'Int'],
      ['AddToStore', 'AddToStoreRequestWithProvenance'],
      // The archive in its frames.
      ['AddToStore', ''],
      ['AddToStore', ''],
    ])
  })

  it('have the types of Nix, if a daemon of Lix answers', () => {
    const script = new ScriptedSession({ version: '1.35' })
    script.number('client', 26).text('client', somePath)
    script.last().number('server', 0)
    expect(told(slicesOf(script.bytes, 2 ** 18)).slice(-4)).to.deep.equal([
      ['client', 8, 'Whole', 'QueryPathInfo', 'Int'],
      ['client', 56, 'Whole', 'QueryPathInfo', 'QueryPathInfoRequest'],
      ['server', 8, 'Whole', 'QueryPathInfo', 'LogMessage'],
      ['server', 8, 'Whole', 'QueryPathInfo', 'QueryPathInfoReply'],
    ])
  })

  const dialects: ReadonlyArray<readonly [dialect: string, table: OperationTable]> = [
    ['Nix', operations],
    ['Determinate Nix', determinateOperations],
    ['Lix', lixOperations],
  ]
  for (const [dialect, table] of dialects) {
    it(`of ${dialect} have types that decode accepts, with the grammar of the table`, () => {
      const { typeOf } = workerNames(table)
      for (const operation of Object.values(table)) {
        const { name, request, reply } = operation
        for (const [key, grammar, isSaid] of [
          ['request', request, !takesNoArguments(operation) && request !== UnknownForm],
          ['reply', reply, reply !== Nothing && reply !== UnknownForm && reply !== One],
        ] as const) {
          const type = typeOf(key, name)
          const parsed = parseTypeExpression(type)
          if (isSaid) {
            expect([type, isRight(parsed)]).to.deep.equal([type, true])
          }
          if (isSaid && isRight(parsed)) {
            expect(Object.keys(parsed.right.node)).to.include.members(Object.keys(grammar.node))
          }
        }
      }
    })
  }

  it('of the serve protocol have types that decode accepts', () => {
    for (const { name } of turnsAt(7)) {
      for (const { key, type } of ['request', 'reply', 'path', 'info', 'status', 'message', 'hello'].map(
        (key) => ({
          key,
          type: serveNames.typeOf(key, name),
        }),
      )) {
        expect([key, type, type === '' || isRight(parseTypeExpression(type))]).to.deep.equal([
          key,
          type,
          true,
        ])
      }
    }
  })
})

describeWithShared('the messages of the recordings', () => {
  it('are all bytes of both sides, nearly all with a type', () => {
    let [typed, all] = [0, 0]
    for (const { name } of recordedSessions()) {
      const bytes = sessionBytes(name)
      const slices = slicesOf(bytes, 2 ** 18)
      for (const side of ['client', 'server'] as const) {
        expect(joinedOf(slices, side).equals(bytes[side]), `${name} ${side}`).to.equal(true)
      }
      all += slices.length
      typed += slices.filter(({ about }) => about.part === 'Whole' && about.type !== '').length
    }
    expect(typed / all).to.be.greaterThan(0.9)
  })
})
