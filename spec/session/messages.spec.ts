import { expect } from 'chai'
import { isRight } from 'fp-ts/lib/Either.js'
import { Nothing, takesNoArguments, UnknownForm } from '../../grammar/operations/operation.js'
import { operations } from '../../grammar/operations/table.js'
import { parseTypeExpression } from '../../grammar/type-expression.js'
import { SessionDecoder } from '../../session/decoder.js'
import type { Side } from '../../session/events.js'
import { typeOf } from '../../session/recording/message-types.js'
import { MessageSlicer, type Slice } from '../../session/recording/messages.js'
import { narOf, ScriptedSession, somePath } from '../support/scripted-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'

/** Both streams, in the order in which they are needed, in pieces of some size. */
const slicesOf = (
  { client, server }: { readonly client: Uint8Array; readonly server: Uint8Array },
  hold: number,
  size = 65_536,
): ReadonlyArray<Slice> => {
  const slicer = new MessageSlicer(hold)
  const decoder = new SessionDecoder()
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
    // Whoever read it uses the memory again.
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
  it('have their types, the operation they belong to, and what was agreed on', () => {
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

  it('are told as far as they are known where nothing may wait', () => {
    const slices = slicesOf(session().bytes, 0, 5)
    expect(slices.every(({ bytes }) => bytes.length <= 5)).to.equal(true)
    expect(slices.filter(({ about }) => about.type === 'IsValidPathRequest')).to.have.lengthOf(1)
    for (const side of ['client', 'server'] as const) {
      expect(joinedOf(slices, side)).to.deep.equal(session().bytes[side])
    }
  })

  it('have the content of an upload between them as it came', () => {
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

  it('come as they are behind what cannot be read', () => {
    const script = session().number('server', 7, 7, 7)
    const slices = slicesOf(script.bytes, 2 ** 18, 8)
    expect(slices.at(-1)?.about.type).to.equal('')
    expect(joinedOf(slices, 'server')).to.deep.equal(script.bytes.server)
  })

  it('have types that decode takes', () => {
    for (const operation of Object.values(operations)) {
      const { name, reply } = operation
      for (const [key, isSaid] of [
        ['request', !takesNoArguments(operation) && operation.request !== UnknownForm],
        ['reply', reply !== Nothing && reply !== UnknownForm],
      ] as const) {
        if (isSaid) {
          const type = typeOf(key, name)
          const parsed = parseTypeExpression(type)
          expect([type, isRight(parsed)]).to.deep.equal([type, true])
        }
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
