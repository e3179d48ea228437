import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { SessionDecoder } from '../../session/decoder.js'
import type { Side } from '../../session/events.js'
import { durationText, timeText } from '../../session/timed/duration.js'
import { pendingJson, timedEventJson } from '../../session/timed/json.js'
import { Marks } from '../../session/timed/marks.js'
import { pendingPhrases, waitingPhrase } from '../../session/timed/pending-phrases.js'
import { RecordedSession } from '../../session/timed/recorded-session.js'
import { type TimedEvent, TimedSession } from '../../session/timed/timed-session.js'
import { ScriptedSession } from '../support/scripted-session.js'

/** A conversation whose words come at times of a test, in milliseconds from its start on. */
class Timed {
  readonly script = new ScriptedSession({ version: '1.38' })
  readonly events: Array<TimedEvent> = []
  readonly session: RecordedSession
  readonly #said = { client: 0, server: 0 }

  constructor() {
    this.session = new RecordedSession(new SessionDecoder())
    this.say('client', 0)
    this.say('server', 5)
  }

  /** What has been scripted of a side since, but for its last bytes. */
  say(side: Side, at: number, less = 0): this {
    const all = this.script.bytes[side]
    const bytes = all.subarray(this.#said[side], all.length - less)
    this.#said[side] = all.length - less
    return this.#take(this.session.take({ kind: 'bytes', connection: 0, side, at: start + at, bytes }))
  }

  end(side: Side, how: 'closed' | 'brokeOff' | 'stopped', at: number): this {
    return this.#take(this.session.take({ kind: 'end', connection: 0, side, how, at: start + at }))
  }

  #take(events: ReadonlyArray<TimedEvent>): this {
    for (const event of events) {
      this.events.push(event)
    }
    return this
  }

  times(): ReadonlyArray<
    readonly [name: string, began: number, ended: number, client: number, server: number]
  > {
    return this.events.flatMap(({ event, time: { began, ended, waited } }) =>
      event.kind === 'operation' && began !== null && ended !== null
        ? [
            [
              isSome(event.operation) ? event.operation.value.name : '',
              began - start,
              ended - start,
              waited.client,
              waited.server,
            ] as const,
          ]
        : [],
    )
  }

  finish(now: number | null = null) {
    const { events, pending } = this.session.finish(now === null ? null : start + now)
    this.#take(events)
    return pending
  }

  get kinds(): ReadonlyArray<string> {
    return this.events.map(({ event }) => (event.kind === 'operation' ? event.outcome : event.kind))
  }
}

const start = 1_795_321_890_000
const isValidPath = 1
const buildPaths = 9
const path = '/nix/store/43c29sgdpjbvrxsal68273n6g81s2kni-letter.txt'

describe('the times of a session', () => {
  it('are those of the beginning and end of an operation, and how long each side kept the other waiting', () => {
    const timed = new Timed()
    timed.script.number('client', isValidPath)
    timed.script.text('client', path)
    // The request comes in two pieces, and the daemon takes time to reply.
    timed.say('client', 100, 8).say('client', 130)
    timed.script.last().number('server', 1)
    timed.say('server', 200, 12).say('server', 205)
    expect(timed.times()).to.deep.equal([['IsValidPath', 100, 205, 30, 75]])
    const [handshake] = timed.events
    expect(handshake?.time).to.deep.equal({
      began: start,
      ended: start + 5,
      waited: { client: 0, server: 5 },
    })
  })

  it('of an error, which is reported late, are those of its bytes', () => {
    const timed = new Timed()
    timed.script.number('client', isValidPath)
    timed.script.text('client', path)
    timed.say('client', 100)
    timed.script.error('no')
    timed.say('server', 150)
    expect(timed.times()).to.deep.equal([])
    timed.script.number('client', isValidPath)
    timed.script.text('client', path)
    timed.say('client', 9000)
    timed.script.last().number('server', 1)
    timed.say('server', 9001)
    expect(timed.times()).to.deep.equal([
      ['IsValidPath', 100, 150, 0, 50],
      ['IsValidPath', 9000, 9001, 0, 1],
    ])
  })

  it('of requests made at once begin with each request, whenever the replies come', () => {
    const timed = new Timed()
    for (const at of [10, 20]) {
      timed.script.number('client', isValidPath)
      timed.script.text('client', path)
      timed.say('client', at)
    }
    for (const at of [100, 200]) {
      timed.script.last().number('server', 1)
      timed.say('server', at)
    }
    expect(timed.times()).to.deep.equal([
      ['IsValidPath', 10, 100, 0, 90],
      ['IsValidPath', 20, 200, 0, 180],
    ])
  })

  it('are absent if the recording has none', () => {
    const session = new TimedSession(new SessionDecoder())
    const { client, server } = new ScriptedSession({ version: '1.38' }).bytes
    session.push('client', client, null)
    const [handshake] = session.push('server', server, null)
    expect(handshake?.time).to.deep.equal({ began: null, ended: null, waited: { client: 0, server: 0 } })
    expect(handshake && Object.keys(timedEventJson(handshake) as object)).not.to.contain('time')
  })

  it('need no more memory for more pieces', () => {
    const marks = new Marks()
    for (let at = 0; at < 100_000; at++) {
      marks.add(at + 1, { at, client: 0, server: 0 })
    }
    expect(marks.count).to.be.lessThan(4097)
    expect([marks.of(0)?.at, marks.of(99_999)?.at, marks.of(100_000)]).to.deep.equal([0, 99_999, null])
    marks.forget(100_000)
    expect(marks.count).to.equal(0)
  })
})

describe('what is pending when a recording ends', () => {
  const building = (): Timed => {
    const timed = new Timed()
    timed.script.number('client', buildPaths, 1)
    timed.script.text('client', path)
    timed.script.number('client', 0)
    timed.say('client', 1000)
    timed.script.message({ _tag: 'Next', text: 'building' })
    return timed.say('server', 2000)
  }

  it('is reported for an open connection, and is not an issue', () => {
    const timed = building()
    const pending = timed.finish(43_000)
    expect(pendingPhrases(pending)).to.deep.equal([
      'the connection is open where the recording ends',
      'BuildPaths is pending',
      'the daemon has said nothing for 41 s; the client waits for the reply of BuildPaths',
    ])
    expect(timed.kinds).to.deep.equal(['handshake', 'unfinished', 'end'])
    const { during } = pending
    expect(during?.kind === 'operation' && [during.log, isSome(during.request)]).to.deep.equal([
      [{ _tag: 'Next', text: 'building' }],
      true,
    ])
  })

  it('is reported for a connection that was open when the recording stopped', () => {
    const timed = building().end('client', 'stopped', 5000).end('server', 'stopped', 5000)
    const pending = timed.finish()
    expect([pending.left, pendingPhrases(pending).at(-1)]).to.deep.equal([
      'stopped',
      'the daemon has said nothing for 3 s; the client waits for the reply of BuildPaths',
    ])
    expect(timed.kinds).to.deep.equal(['handshake', 'unfinished', 'end'])
  })

  it('is an issue if the connection was cut, or closed in the middle', () => {
    const cut = building().end('server', 'brokeOff', 5000).end('client', 'closed', 5001)
    expect(cut.kinds).to.deep.equal(['handshake', 'unfinished', 'issue', 'end'])
    expect(pendingPhrases(cut.finish())).to.deep.equal([
      'the connection was cut: the daemon broke off',
      'BuildPaths is pending',
      'the daemon broke off; the reply of BuildPaths is missing',
    ])
    const closed = building().end('client', 'closed', 5000).end('server', 'closed', 5001)
    expect(closed.kinds).to.deep.equal(['handshake', 'unfinished', 'issue', 'end'])
    expect(closed.finish().left).to.equal('closed')
  })

  it('names the side that left first, whatever the other did after it', () => {
    const guesses = ({ events }: Timed): ReadonlyArray<string | null> =>
      events.flatMap(({ event }) => (event.kind === 'issue' ? [toNullable(event.guess)] : []))
    const halfAsked = (): Timed => {
      const timed = new Timed()
      timed.script.number('client', isValidPath)
      timed.script.text('client', path)
      return timed.say('client', 100, 8)
    }
    const half = halfAsked().end('client', 'closed', 200)
    expect(pendingPhrases(half.session.pending(start + 1100)).at(-1)).to.equal(
      'the client has closed; the daemon waits for the rest of the request of IsValidPath (path at byte 48: 56 of 64 bytes, its length is 54)',
    )
    half.script.error('unexpected end-of-file')
    half.say('server', 300).end('server', 'brokeOff', 301)
    expect(pendingPhrases(half.finish())).to.deep.equal([
      'the connection was cut: the client closed, then the daemon broke off',
      'the client closed; the rest of the request of IsValidPath (path at byte 48: 56 of 64 bytes, its length is 54) is missing',
    ])
    const reset = halfAsked().end('client', 'brokeOff', 200).end('server', 'brokeOff', 201)
    expect(pendingPhrases(reset.finish())).to.deep.equal([
      'the connection was cut: the client broke off',
      'IsValidPath is pending',
      'the client broke off; the rest of the request of IsValidPath (path at byte 48: 56 of 64 bytes, its length is 54) is missing',
    ])
    const left = building().end('client', 'closed', 5000).end('server', 'closed', 5001)
    expect(pendingPhrases(left.finish())).to.deep.equal([
      'the connection was closed, by the client first',
      'BuildPaths is pending',
      'the daemon closed; the reply of BuildPaths is missing',
    ])
    expect(guesses(left)).to.deep.equal([
      'The client closed its side before that: it may have gone, and the daemon after it.',
    ])
  })

  it('is nothing once a stream cannot be read any further', () => {
    const timed = new Timed()
    timed.script.number('client', isValidPath)
    timed.script.text('client', path)
    timed.script.number('server', 12345)
    timed.say('client', 100).say('server', 101)
    expect(timed.kinds).to.deep.equal(['handshake', 'unfinished', 'issue'])
    expect(timed.session.pending(start + 1100).waiting.sides).to.deep.equal([])
  })

  it('is nothing between two operations', () => {
    const timed = new Timed()
    expect(pendingPhrases(timed.finish(65_005))).to.deep.equal([
      'the connection is open where the recording ends',
      'nothing is pending',
      'the client has said nothing for 1 min 5 s; the daemon waits for the next operation; if the client waits too, it expects more than the handshake has, or has not sent its request (buffered)',
    ])
    const closed = new Timed().end('client', 'closed', 10).end('server', 'closed', 11)
    expect(pendingPhrases(closed.finish())).to.deep.equal(['the connection was closed, by the client first'])
  })

  /** A client that has its reply. */
  const answered = (): Timed => {
    const timed = new Timed()
    timed.script.number('client', isValidPath)
    timed.script.text('client', path)
    timed.say('client', 100)
    timed.script.last()
    timed.script.number('server', 1)
    return timed.say('server', 101)
  }

  it('may be more of a reply than it has, if a client is silent after it', () => {
    expect(waitingPhrase(answered().session.pending(start + 1000))).to.equal(
      'the client has said nothing for 900 ms; the daemon waits for the next operation',
    )
    expect(waitingPhrase(answered().session.pending(start + 10_101))).to.equal(
      'the client has said nothing for 10 s; the daemon waits for the next operation; if the client waits too, it expects more than the reply of IsValidPath has, or has not sent its request (buffered)',
    )
    const closed = answered().end('client', 'closed', 24_101).end('server', 'closed', 24_102)
    expect(pendingPhrases(closed.finish())).to.deep.equal([
      'the connection was closed, by the client first',
      'nothing was said for 24 s before, since the reply of IsValidPath; if the client waited, it expected more than that has, or had not sent its request (buffered)',
    ])
  })

  it('is an end, if one side has closed and the other has not', () => {
    const half = answered().end('client', 'closed', 500)
    expect(waitingPhrase(half.session.pending(start + 10_500))).to.equal(
      'the client has closed; the daemon has not',
    )
    expect(pendingPhrases(half.session.pending(start + 10_500))).to.deep.equal([
      'the client closed 10 s before the recording ends; the daemon did not',
      'nothing is pending',
    ])
    const given = building().end('client', 'closed', 2000)
    expect(waitingPhrase(given.session.pending(start + 2000))).to.match(
      /; the client closed while it waited for the reply of BuildPaths; the daemon has not closed$/,
    )
  })

  it('is a request that is not complete', () => {
    const timed = new Timed()
    timed.script.number('client', isValidPath)
    timed.script.text('client', path)
    timed.say('client', 100, 8)
    expect(pendingPhrases(timed.finish(1100)).slice(1)).to.deep.equal([
      'IsValidPath is pending',
      'the client has said nothing for 1 s; the daemon waits for the rest of the request of IsValidPath (path at byte 48: 56 of 64 bytes, its length is 54)',
    ])
  })

  it('names the primitive that is not whole, however it came', () => {
    const waits = (side: Side, less: number, script: (timed: Timed) => void): string | null => {
      const timed = new Timed()
      script(timed)
      timed.say('client', 100, side === 'client' ? less : 0)
      timed.say('server', 101, side === 'server' ? less : 0)
      return /\(.*\)/.exec(waitingPhrase(timed.session.pending(start + 1100)) ?? '')?.[0] ?? null
    }
    const paths = (timed: Timed): void => {
      timed.script
        .number('client', buildPaths, 2)
        .text('client', path)
        .text('client', path)
        .number('client', 0)
    }
    expect(waits('client', 3, paths)).to.equal('(mode at byte 184: 5 of 8 bytes)')
    expect(waits('client', 8, paths)).to.equal('(mode at byte 184: 0 of 8 bytes)')
    expect(waits('client', 8 + 56, paths)).to.equal('(paths[1] at byte 120: 8 of 64 bytes, its length is 54)')
    expect(waits('client', 8 + 60, paths)).to.equal('(paths[1] at byte 120: 4 of 8 bytes)')
    const long = (timed: Timed): void => {
      timed.script.number('client', isValidPath, 84).text('client', path)
    }
    expect(waits('client', 0, long)).to.equal('(path at byte 48: 72 of 96 bytes, its length is 84)')
    const said = (timed: Timed): void => {
      paths(timed)
      timed.script.message({ _tag: 'Next', text: 'building' })
    }
    expect(waits('server', 0, paths)).to.equal(null)
    expect(waits('server', 4, said)).to.match(/^\(text at byte \d+: 12 of 16 bytes, its length is 8\)$/)
  })

  it('is an upload, or the handshake', () => {
    const timed = new Timed()
    timed.script.number('client', 44)
    timed.script.number('client', 0, 0)
    timed.script.number('client', 100)
    timed.say('client', 100)
    expect(pendingPhrases(timed.finish(1100)).at(-1)).to.contain(
      'the client has said nothing for 1 s; the daemon waits for the upload of AddMultipleToStore',
    )
    const session = new RecordedSession(new SessionDecoder())
    const hello = new ScriptedSession({ version: '1.38' }).bytes.client.subarray(0, 16)
    session.take({ kind: 'bytes', connection: 0, side: 'client', at: start, bytes: hello })
    expect(pendingPhrases(session.pending(start + 250))).to.deep.equal([
      'the connection is open where the recording ends',
      'the handshake is pending',
      "the daemon has said nothing for 250 ms; the client waits for the daemon's part of the handshake",
    ])
    session.take({ kind: 'end', connection: 0, side: 'client', at: start + 250, how: 'closed' })
    session.take({ kind: 'end', connection: 0, side: 'server', at: start + 500, how: 'stopped' })
    expect(pendingPhrases(session.finish().pending)).to.deep.equal([
      'the client closed 250 ms before the recording was stopped; the daemon did not',
      'the handshake is pending',
      "the daemon has said nothing for 500 ms; the client closed while it waited for the daemon's part of the handshake",
    ])
  })

  it('ends where bytes of the recording are missing', () => {
    const timed = building()
    timed.session.take({ kind: 'gap', connection: 0, side: 'server', at: null, missing: 3, offset: 99 })
    expect(timed.say('server', 9000).finish().left).to.equal('gap')
    expect(timed.kinds).to.deep.equal(['handshake', 'unfinished', 'end'])
  })

  it('has a view as JSON', () => {
    expect(pendingJson(building().finish(43_000))).to.deep.equal({
      kind: 'pending',
      left: 'open',
      pending: 'BuildPaths',
      waitsFor: ['server'],
      quietFor: { client: 42_000_000n, server: 41_000_000n },
      ended: { client: null, server: null },
      incomplete: { client: null, server: null },
      first: null,
      at: '2026-11-22T04:32:13.000000Z',
      text: 'the connection is open where the recording ends; BuildPaths is pending; the daemon has said nothing for 41 s; the client waits for the reply of BuildPaths',
    })
  })
})

describe('times in words', () => {
  it('have at most two units', () => {
    const times = [0, 0.42, 9.94, 250, 999.6, 41_000, 59_960, 724_000, 3_600_000, 11_100_000, 532_800_000]
    expect(times.map(durationText)).to.deep.equal([
      '0 ms',
      '0.4 ms',
      '9.9 ms',
      '250 ms',
      '1 s',
      '41 s',
      '1 min',
      '12 min 4 s',
      '1 h',
      '3 h 5 min',
      '6 d 4 h',
    ])
  })

  it('are exact to the microsecond, and absent for an impossible date', () => {
    expect([timeText(0), timeText(1500.25), timeText(1e18), timeText(Number.NaN)]).to.deep.equal([
      '1970-01-01T00:00:00.000000Z',
      '1970-01-01T00:00:01.500250Z',
      null,
      null,
    ])
  })
})
