import { expect } from 'chai'
import { isSome, toNullable } from 'fp-ts/lib/Option.js'
import { bytesOf } from '../../bytes/hex.js'
import { eventText } from '../../cli/session-text.js'
import type { Grammar } from '../../combinators/node.js'
import { versionFromBits } from '../../combinators/version.js'
import { type AnyOperation, One, operations, operationsOf } from '../../grammar/operations/index.js'
import {
  decodeSession,
  eventJson,
  type IssueEvent,
  type OperationEvent,
  type SessionEvent,
} from '../../session/index.js'
import { samples } from '../support/arbitrary.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { recordedSessions, sessionBytes } from '../support/sessions.js'
import { describeWithShared } from '../support/shared.js'
import { concat, int, padded } from '../support/wire.js'

const issueIn = (events: ReadonlyArray<SessionEvent>): IssueEvent => {
  const [issue] = events.filter((event) => event.kind === 'issue')
  if (issue === undefined) {
    throw new Error('no issue')
  }
  return issue
}

/** What is guessed of the issue that ends the reading. */
const fatalGuess = (client: Uint8Array, server: Uint8Array): string =>
  decodeSession(client, server)
    .flatMap((event) => (event.kind === 'issue' && event.fatal ? [toNullable(event.guess)] : []))
    .join('')

const guessOf = (client: Uint8Array, server: Uint8Array): string =>
  toNullable(issueIn(decodeSession(client, server)).guess) ?? ''

const guessIn = ({ bytes }: ScriptedSession): string => guessOf(bytes.client, bytes.server)

const hello = bytesOf('6378696e00000000 2601000000000000')
const oixd = 0x6478696f

describeWithShared('the guess at the cause of an issue, in recordings', () => {
  it('is that the two streams are swapped, or one was given twice', () => {
    const whole = recordedSessions().filter(({ version }) => version !== null)
    expect(whole.length).to.be.above(70)
    for (const { name } of whole) {
      const { client, server } = sessionBytes(name)
      expect(guessOf(server, client), name).to.contain('the two are swapped, or one was given twice')
      expect(guessOf(client, client), name).to.contain('begins like that of a client')
      expect(guessOf(server, server), name).to.contain('begins like that of a daemon')
    }
  })

  // Versions as in the table beside the recordings.
  for (const name of [
    'check-validity',
    'n226-py-v1.37-basic',
    'py-v1.16-basic',
    'py-v1.31-basic',
    'verify',
  ]) {
    it(`is that the versions are wrong: ${name}`, () => {
      const { client, server } = sessionBytes(name)
      const { version } = recordedSessions().find((each) => each.name === name) ?? { version: null }
      const minor = Number(version?.slice(2))
      let named = 0
      for (let bits = 0x10a; bits <= 0x126; bits++) {
        const [wrongClient, wrongServer] = [Uint8Array.from(client), Uint8Array.from(server)]
        wrongClient[8] = bits & 0xff
        wrongServer[8] = bits & 0xff
        const events = decodeSession(wrongClient, wrongServer)
        if (!events.some(({ kind }) => kind === 'issue')) {
          continue
        }
        const guess = toNullable(issueIn(events).guess) ?? ''
        const [, first = '', last = first] = /As protocol 1\.(\d+)(?: to 1\.(\d+))? /.exec(guess) ?? []
        expect(guess, `as ${versionFromBits(bits)}`).not.to.equal('')
        if (first !== '') {
          named++
          expect(
            [Number(first) <= minor, minor <= Number(last)],
            `as ${versionFromBits(bits)}`,
          ).to.deep.equal([true, true])
        }
      }
      expect(named).to.be.above(12)
    })
  }
})

describe('the guess at the cause of an issue', () => {
  it('is that a side was not recorded, if only the other one has sent something', () => {
    const { client, server } = new ScriptedSession({ version: '1.38' }).bytes
    const nothing = new Uint8Array(0)
    expect(guessOf(nothing, server)).to.equal(
      `The client's side was not recorded: the daemon sent ${server.length} bytes, and it says nothing before the client does.`,
    )
    expect(guessOf(client, nothing)).to.contain("The daemon's side was not recorded: ")
    expect(guessOf(hello, nothing)).to.match(
      /^The daemon closed without a byte, or its side was not recorded/,
    )
    expect(guessOf(nothing, nothing)).to.contain('it may only have looked whether a daemon listens')
  })

  it('exists for a first number that is not a magic', () => {
    for (const [bytes, words] of [
      ['f09f9aab00000000', '(Determinate Nix) refuses this user, who is not among its `allowed-users`'],
      ['cbee525400000000', 'the serve protocol answers'],
      ['0d00000000000000 6e69782d61726368', 'an archive (NAR)'],
      ['4e4152494f320000', 'NARIO2'],
      ['73746c6100000000', 'a log message (Last): the recording lacks its beginning'],
      ['1200000000000000', 'A daemon begins with 0x6478696f ("oixd")'],
      ['0100000000000000 6f69786400000000', 'The magic is at byte 8'],
    ] as const) {
      expect(guessOf(hello, bytesOf(bytes)), words).to.contain(words)
    }
    expect(guessOf(bytesOf('eb9d0c3900000000'), new Uint8Array(0))).to.contain(
      'a client of the serve protocol',
    )
    expect(guessOf(int(19), new Uint8Array(0))).to.contain('A client begins with 0x6e697863 ("cxin")')
  })

  it('exists for a version that is rejected', () => {
    const answer = (bits: number) => guessOf(hello, concat(int(oixd), int(bits)))
    expect(answer(0x164)).to.contain('GNU Guix announces 1.100')
    expect(answer(0x2201)).to.contain('wrong order: 1.34 was meant')
    expect(answer(0x207)).to.contain('the serve protocol')
    expect(answer(0x109)).to.contain('No release since Nix 1.0')
    const guix = guessOf(concat(int(0x6e697863), int(0x164)), concat(int(oixd), int(0x126)))
    expect(guix).to.contain('GNU Guix announces 1.100')
  })

  it('is a missing field of a request, for each field of each operation', () => {
    const version = '1.37'
    let seen = 0
    for (const operation of operationsOf({ version }).filter(({ streams }) => streams.length === 0)) {
      const { node } = operation.request
      const fields = node._tag === 'struct' ? node.fields : []
      const [value] = samples(operation.request as Grammar<Record<string, unknown>>, version, 1)
      for (const left of fields) {
        const session = new ScriptedSession({ version }).number('client', operation.id)
        for (const { key, node: inner, fixed } of fields.filter((field) => field !== left)) {
          session.value('client', { node: inner } as Grammar<unknown>, fixed?.value ?? value?.[key])
        }
        session.number('client', 1).text('client', somePath)
        const issue = issueIn(decodeSession(session.bytes.client, session.bytes.server))
        if (issue.side === 'client') {
          seen++
          expect(toNullable(issue.guess), `${operation.name} without ${left.key}`).to.match(
            /missing|left out|one less|longer or shorter|As protocol/,
          )
        }
      }
    }
    expect(seen).to.be.above(20)
  })

  it('is the next request, if a field before it is missing', () => {
    const session = new ScriptedSession({ version: '1.34' }).number('client', 9, 0)
    session.number('client', 26).text('client', somePath)
    expect(guessIn(session)).to.contain(
      'Without mode, the request of BuildPaths would be right: that field is missing. As protocol 1.10 to 1.14',
    )
  })

  it('is the last field, if the client ends before it', () => {
    const session = new ScriptedSession({ version: '1.34' }).number('client', 35, 1)
    expect(guessIn(session)).to.contain('or the recording is cut; or it left out repair')
  })

  it('is not a count that is also the number of an operation', () => {
    const session = new ScriptedSession({ version: '1.34' }).number('client', 31, 1).text('client', somePath)
    const guess = guessIn(session)
    expect(guess).to.contain('it left out substitute. As protocol 1.10 to 1.26')
    expect(guess).not.to.contain('IsValidPath')
  })

  it('is an invalid log message, and not the reply before it', () => {
    const session = new ScriptedSession({ version: '1.34' })
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    session.number('client', 10).text('client', somePath)
    session.number('server', 0x52534c54, 7, 105, 1, 2, 0)
    const guess = guessIn(session)
    expect(guess).to.contain('The log message itself (Result) is broken at fields[0]')
    expect(guess).not.to.contain('reply')
  })

  it('is the message before an unknown one, or the handshake before the first log', () => {
    const ask = () => new ScriptedSession({ version: '1.34' }).number('client', 10).text('client', somePath)
    const after = ask().message({ _tag: 'Next', text: 'x' }).number('server', 0, 0)
    expect(guessIn(after)).to.contain('the message before it, may be longer')
    expect(guessIn(ask().number('server', 0, 0))).to.contain('the handshake, may be longer')
    const reply = new ScriptedSession({ version: '1.34' }).number('client', 34).last().number('server', 1, 0)
    reply.number('client', 10).text('client', somePath)
    expect(guessIn(reply)).to.contain('the reply to OptimiseStore, may be longer')
  })

  it('is a missing field of a reply, if the message after it was read as a part of it', () => {
    const session = new ScriptedSession({ version: '1.34' })
    // Bytes freed are left out, so the tag after them is read in their place.
    session.number('client', 20, 0, 0, 0, 0, 0, 0, 0).last().number('server', 0, 0)
    session.number('client', 1).text('client', somePath).last().number('server', 1)
    expect(guessIn(session)).to.match(
      /A log message \(Last\) (is in the place of the reply|was read as a part)/,
    )
  })

  it('is zeros that were not meant as an operation', () => {
    for (const version of ['1.13', '1.34'] as const) {
      const session = new ScriptedSession({ version }).number('client', 34, 0).last().number('server', 1)
      session.number('client', 1).text('client', somePath).last().number('server', 1)
      const events = decodeSession(session.bytes.client, session.bytes.server)
      expect(toNullable(issueIn(events).guess)).to.match(
        /^The next operation, IsValidPath \(1\), begins at byte \d+: the request of OptimiseStore has 8 bytes too many\.$/,
      )
      expect(printed(events)).not.to.contain('Quit')
    }
  })

  describe('is a slip', () => {
    const asked = (): ScriptedSession =>
      new ScriptedSession({ version: '1.34' })
        .number('client', 9, 1)
        .text('client', somePath)
        .number('client', 0)
        .last()
        .number('server', 1)
        .number('client', 29)
        .text('client', somePath)
        .message({ _tag: 'Next', text: 'looking' })
        .last()
        .text('server', somePath)
    const { client, server } = asked().bytes
    const start = client.length - 8 - 56 - 24 - 56
    const without = (bytes: Uint8Array, at: number, count = 1): Uint8Array =>
      concat(bytes.subarray(0, at), bytes.subarray(at + count))
    const withOthers = (bytes: Uint8Array, at: number, ...others: ReadonlyArray<number>): Uint8Array =>
      concat(bytes.subarray(0, at), Uint8Array.from(others), bytes.subarray(at))
    const damaged = (bytes: Uint8Array, at: number): Uint8Array => {
      const copy = Uint8Array.from(bytes)
      copy[at]! ^= 0x40
      return copy
    }

    it('of a bit of a count, a length or the number of an operation', () => {
      const [count, length, number] = [8, 16, 0].map((at) =>
        fatalGuess(damaged(client, start + at + 5), server),
      )
      expect(count).to.equal(
        'With 1 (0x1) instead of 70368744177665 (0x400000000001), the request of BuildPaths would be right: the number is damaged.',
      )
      expect(length).to.contain(
        'With 47 (0x2f) instead of 70368744177711 (0x40000000002f), the request of BuildPaths',
      )
      expect(number).to.equal(
        'With 9 (0x9) instead of 70368744177673 (0x400000000009) this would be BuildPaths: the number is damaged.',
      )
      expect(fatalGuess(client, damaged(server, server.length - 56 + 5))).to.contain(
        'With 47 (0x2f) instead of 70368744177711 (0x40000000002f), the reply to QueryPathFromHashPart would be right',
      )
    })

    it('of a length whose bytes stand a few bytes further, or in the other order', () => {
      for (const bits of [32, 56]) {
        const session = new ScriptedSession({ version: '1.38' })
        session.number('client', 26).number('client', 0)
        const at = session.bytes.client.length - 8
        session.client(padded(somePath).subarray(8)).number('client', 1).text('client', somePath)
        const { client, server } = session.bytes
        const moved = client.slice()
        new DataView(moved.buffer).setBigUint64(at, BigInt(somePath.length) << BigInt(bits), true)
        expect(guessOf(moved, server)).to.contain(
          `the request of QueryPathInfo would be right: the length at byte ${at} is probably damaged.`,
        )
      }
    })

    it('of a count that is not that of the items', () => {
      for (const [given, meant] of [
        [2, '1 item'],
        [3, '1 item'],
      ] as const) {
        const session = new ScriptedSession({ version: '1.34' })
        session.number('client', 40).number('client', given)
        const at = session.bytes.client.length - 8
        session.text('client', somePath).number('client', 1).text('client', somePath)
        const { client, server } = session.bytes
        expect(guessOf(client, server)).to.equal(
          `With ${meant} instead of ${given}, the request of QueryMissing would be right: the count at byte ${at} is probably wrong.`,
        )
        const issues = decodeSession(client, server).flatMap((event) =>
          event.kind === 'issue' && event.side === 'client' && !event.fatal ? [event.issue.offset] : [],
        )
        expect(issues).to.deep.equal(issues.toSorted((a, b) => a - b))
      }
    })

    it('of the low byte of a length', () => {
      const meant = somePath.length
      for (const length of [meant - 16, meant + 18]) {
        const session = new ScriptedSession({ version: '1.34' }).number('client', 26)
        const at = session.offsets.client
        session.number('client', length).client(padded(somePath).subarray(8))
        const words = `With ${meant} (0x${meant.toString(16)}) instead of ${length} (0x${length.toString(16)}), the request of QueryPathInfo would be right: the length at byte ${at} is probably damaged`
        expect(guessIn(session), 'at the end').to.contain(words)
        session.number('client', 9, 1).text('client', somePath).number('client', 0)
        expect(guessIn(session), 'before another request').to.contain(words)
      }
    })

    it('of bytes that are missing in a text, if its length is then wrong', () => {
      const session = new ScriptedSession({ version: '1.34' }).number('client', 26)
      session.client(without(padded(`${somePath}-and-more`), 8 + somePath.length, 8))
      expect(guessIn(session)).to.match(
        /the length at byte 40 is probably damaged, or 8 bytes of its text are missing\.$/,
      )
      const hash = without(server, server.length - 56 + 20, 8)
      expect(fatalGuess(client, hash)).not.to.contain('probably damaged')
    })

    it('of a byte that is lost, or too many, in a number or a text', () => {
      expect(fatalGuess(without(client, start + 18), server)).to.equal(
        'From byte 55 on, the rest of the request of BuildPaths would be right: 1 byte of the number at byte 48 is missing.',
      )
      for (const at of [start + 30, start + 75]) {
        expect(fatalGuess(without(client, at), server)).to.equal(
          'The next operation, QueryPathFromHashPart (29), begins at byte 111: the request of BuildPaths has 1 byte too few.',
        )
        expect(fatalGuess(withOthers(client, at, 65), server)).to.equal(
          'The next operation, QueryPathFromHashPart (29), begins at byte 113: the request of BuildPaths has 1 byte too many.',
        )
      }
      const message = server.length - 56 - 16
      expect(fatalGuess(client, without(server, message))).to.contain('(Last) begins at byte 79')
      expect(fatalGuess(client, withOthers(server, message, 65))).to.equal(
        'The next log message (Last) begins at byte 81: what came before, the message before it, has 1 byte too many.',
      )
    })

    it('before an upload too, whose frames must follow', () => {
      const session = new ScriptedSession({ version: '1.34' }).number('client', 7)
      const begin = session.bytes.client.length
      session.text('client', 'greeting').text('client', 'fixed:r:sha256').number('client', 0, 0)
      const bytes = session.frames(Uint8Array.from({ length: 100 }, (_, i) => i)).bytes
      expect(fatalGuess(without(bytes.client, begin + 8), bytes.server)).to.equal(
        `From byte ${begin + 15} on, the rest of the request of AddToStore would be right: 1 byte is missing before it, or a length before it is too large.`,
      )
      expect(fatalGuess(withOthers(bytes.client, begin + 8, 65), bytes.server)).to.equal(
        `From byte ${begin + 17} on, the rest of the request of AddToStore would be right: 1 byte is too many before it, or a length before it is too small.`,
      )
    })

    it('is not guessed where nothing would be right', () => {
      const session = new ScriptedSession({ version: '1.34' }).number('client', 9, 1, 0x7fffffffff, 1, 2, 3)
      expect(guessIn(session)).to.equal(
        'Either paths[0] is damaged, or what comes before it is longer or shorter than its grammar.',
      )
    })
  })

  it('is a Read or Write in an operation without a stream for it', () => {
    const ask = () => new ScriptedSession({ version: '1.34' }).number('client', 1).text('client', somePath)
    const written = ask()
      .message({ _tag: 'Write', data: new Uint8Array(3) })
      .last()
      .number('server', 1)
    const events = decodeSession(written.bytes.client, written.bytes.server)
    expect(issueIn(events)).to.include({ fatal: false, side: 'server' })
    expect(events.at(-2)).to.include({ kind: 'operation', outcome: 'reply' })
    const read = issueIn(
      decodeSession(ask().bytes.client, ask().message({ _tag: 'Read', wanted: 1 }).bytes.server),
    )
    expect(read).to.include({ fatal: true })
    expect(read.guess).to.have.property('value').that.contains('takes the operation for another one')
  })
})

const printed = (events: ReadonlyArray<SessionEvent>): string =>
  events.map((event) => eventText(event, true)).join('\n')

describe('an integer that clients ignore', () => {
  it('is shown with the value on the wire, for every operation that has one', () => {
    let seen = 0
    for (const operation of Object.values<AnyOperation>(operations)) {
      const isPlain = operation.reply === One && operation.streams.length === 0
      if (!isPlain || !operationsOf({ version: '1.34' }).includes(operation)) {
        continue
      }
      seen++
      const [value] = samples(operation.request as Grammar<unknown>, '1.34', 1)
      const session = new ScriptedSession({ version: '1.34' }).number('client', operation.id)
      session
        .value('client', operation.request as Grammar<unknown>, value)
        .last()
        .number('server', 7)
      const [event] = decodeSession(session.bytes.client, session.bytes.server).filter(
        (each): each is OperationEvent => each.kind === 'operation',
      )
      expect(event && isSome(event.reply) && event.reply.value, operation.name).to.equal(7)
      expect(event && eventJson(event)).to.have.property('reply', 7n)
      expect(event && eventText(event, false)).to.match(/reply\s+7/)
    }
    expect(seen).to.be.above(6)
  })
})

describe('the implementation of a daemon', () => {
  const dialects = (events: ReadonlyArray<SessionEvent>): ReadonlyArray<string> =>
    events.flatMap((event) => (event.kind === 'handshake' ? [event.dialect, eventText(event, false)] : []))

  it('is recognised by features, releases and versions', () => {
    const client = concat(hello, int(0), int(0), int(0))
    const determinate = new ScriptedSession({ version: '1.38', features: ['queryActiveBuilds'] })
    expect(dialects(decodeSession(client, determinate.bytes.server))[0]).to.equal('Determinate')
    const lix = concat(int(oixd), int(0x123), int(6), bytesOf('322e39332e330000'), int(1), int(0x616c7473))
    const [dialect, text] = dialects(decodeSession(concat(hello, int(0), int(0)), lix))
    expect([dialect, text?.includes('Lix 2.93.3')]).to.deep.equal(['Lix', true])
    const old = concat(int(0x6e697863), int(0x10f), int(0), int(0))
    const guix = dialects(decodeSession(old, concat(int(oixd), int(0x164), int(0x616c7473))))
    expect([guix[0], guix[1]?.includes('GNU Guix')]).to.deep.equal(['Guix', true])
    expect(dialects(decodeSession(hello, concat(int(oixd), int(0x164))))[0]).to.equal('Guix')
    const nix = new ScriptedSession({ version: '1.35' })
    expect(dialects(decodeSession(nix.bytes.client, nix.bytes.server))[0]).to.equal('Nix')
  })

  it('decides how builds end, and which operations exist', () => {
    const advertised = concat(int(1), padded('queryActiveBuilds'))
    const daemon = concat(int(oixd), int(0x126), advertised, padded('2.33.3'), int(1), int(0x616c7473))
    const client = concat(hello, int(0), int(0), int(0))
    const asked = concat(client, int(46), int(1), padded(somePath), int(0))
    const ended = concat(int(0x616c7473), int(1), padded(somePath), int(15), padded('differs'))
    const rest = concat(int(0), int(0), int(0), int(0), int(0), int(0), int(0))
    const events = decodeSession(asked, concat(daemon, ended, rest))
    expect(events.map(({ kind }) => kind)).to.deep.equal(['handshake', 'operation', 'end'])
    expect(events[1]).to.have.nested.property('reply.value[0].result.status', 'HashMismatch')

    const lix = concat(int(oixd), int(0x123), padded('2.93.3'), int(1), int(0x616c7473))
    const old = new ScriptedSession({ version: '1.35' }).number('client', 13)
    const refused = new ScriptedSession({ version: '1.35' }).error('invalid operation').bytes.server
    const error = refused.subarray(new ScriptedSession({ version: '1.35' }).offsets.server)
    const [, sync] = decodeSession(old.bytes.client, concat(lix, error, error))
    expect(sync).to.include({ errorTwice: true })
    expect(sync).to.have.nested.property('operation.value.note', 'Unknown to newer releases of Lix.')
  })
})
