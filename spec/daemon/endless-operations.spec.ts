import { duplexPair } from 'node:stream'
import { expect } from 'chai'
import {
  framed,
  type Grammar,
  lazy,
  listToEnd,
  restBytes,
  struct,
  u8,
  utf8,
} from '../../combinators/index.js'
import { connect, serve } from '../../daemon/index.js'
import { operation, operations, UInt64 } from '../../grammar/index.js'
import { SessionDecoder } from '../../session/index.js'

const essentials = { id: 4711, name: 'Ask', summary: 'asks', since: '1.38' } as const
const Plain = struct('Plain', { a: u8 })
const Open = struct('Open', { a: u8, names: listToEnd(utf8) })

/** A grammar that is only recognised when its thunk is called. */
const Hidden: Grammar<unknown> = lazy(() => Open as Grammar<unknown>)

describe('an operation whose request or reply reads to the end of the message', () => {
  it('is rejected when it is defined, since a connection goes on after it', () => {
    expect(() => operation({ ...essentials, request: Open, reply: UInt64 })).to.throw(
      TypeError,
      'the request of Ask reads to the end of the message, but other messages come after it: use listOf, which has a count, or framed, which has an end',
    )
    expect(() => operation({ ...essentials, request: Plain, reply: restBytes })).to.throw(
      TypeError,
      'the reply of Ask reads to the end of the message, but other messages come after it: use paddedBytes',
    )
  })

  it('is rejected in the table of a client, a server or a session, inside lazy too', async () => {
    const hidden = operation({ ...essentials, request: struct('Request', { hidden: Hidden }), reply: UInt64 })
    const table = { ...operations, Ask: hidden }
    const said = 'the request of Ask reads to the end of the message'
    expect(() => new SessionDecoder({ operations: table })).to.throw(TypeError, said)
    const [here, there] = duplexPair()
    expect(() => connect(here, { operations: table })).to.throw(TypeError, said)
    let refused: unknown
    try {
      await serve(there, {}, { operations: table })
    } catch (error) {
      refused = error
    }
    expect(String(refused)).to.include(said)
  })

  it('may read to the end of frames', () => {
    const fine = operation({
      ...essentials,
      request: struct('Request', { open: framed(Open) }),
      reply: framed(restBytes),
    })
    expect(() => new SessionDecoder({ operations: { ...operations, Ask: fine } })).not.to.throw()
  })
})
