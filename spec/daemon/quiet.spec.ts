import { expect } from 'chai'
import { Quiet } from '../../daemon/proxy/quiet.js'
import { SessionDecoder } from '../../session/decoder.js'
import type { Side } from '../../session/events.js'
import { waitingPhrase } from '../../session/timed/pending-phrases.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'

describe('what is told of a proxied connection when a side closes', () => {
  /** What is told when these sides have closed, one after the other. */
  const told = (script: ScriptedSession, ...closing: ReadonlyArray<Side>): ReadonlyArray<string | null> => {
    const session = new RecordedSession(new SessionDecoder())
    const lines: Array<string | null> = []
    const quiet = new Quiet(
      (at) => session.pending(at),
      (pending) => lines.push(waitingPhrase(pending)),
    )
    for (const side of ['client', 'server'] as const) {
      session.take({ kind: 'bytes', connection: 0, side, at: 0, bytes: script.bytes[side] })
    }
    for (const side of closing) {
      session.take({ kind: 'end', connection: 0, side, at: 0, how: 'closed' })
      quiet.left()
    }
    quiet.end()
    return lines
  }
  const greeted = (): ScriptedSession => new ScriptedSession({ version: '1.38' })
  const asked = (): ScriptedSession => greeted().number('client', 1).text('client', somePath)

  it('is that it waited for something', () => {
    const [line, ...more] = told(asked(), 'client')
    expect(line).to.match(
      /^the daemon has said nothing for .*; the client closed while it waited for the reply of IsValidPath; the daemon has not closed$/,
    )
    expect(more).to.deep.equal([])
  })

  it('is nothing if nothing is pending, or if an issue has told it', () => {
    expect(told(greeted(), 'client')).to.deep.equal([])
    expect(told(asked(), 'server')).to.deep.equal([])
  })
})
