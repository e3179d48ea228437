import { type Duplex, duplexPair } from 'node:stream'
import { expect } from 'chai'
import type { Issue } from '../../combinators/issue.js'
import { connect } from '../../daemon/client.js'
import { showFailure } from '../../daemon/failure.js'
import { serve } from '../../daemon/server.js'
import { decodeSession } from '../../session/index.js'
import type { StorePath } from '../../types/index.js'
import { issueOf, rightOf } from '../support/either.js'
import { ScriptedSession, somePath } from '../support/scripted-session.js'
import { concat, int, padded } from '../support/wire.js'

const path = somePath as StorePath

const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Possible texts of a login, a shell or ssh, and how they are shown: all of them ASCII or printable. */
const texts: ReadonlyArray<readonly [text: string, shown: string]> = [
  ['Welcome to the machine!\n', '"Welcome to the machine!\\n"'],
  ['sh: 1: nix-daemon: not found\n', '"sh: 1: nix-daemon: not found\\n"'],
  ['\x1b[1;31mwarning:\x1b[0m no home\r\n', '"\\u001b[1;31mwarning:\\u001b[0m no home\\r\\n"'],
  ['Grüße vom Übersetzer\n', '"Grüße vom Übersetzer\\n"'],
  ['\ufeffWelcome\n', '"\\ufeffWelcome\\n"'],
  ['\x1b]0;root@host\x07# ', '"\\u001b]0;root@host\\u0007# "'],
  ['\u202egnihton', '"\\u202egnihton"'],
]

// A daemon of 1.20 has sent its magic and version.
const hello = concat(int(0x6478696f), int(0x114), int(0x616c7473))
const last = int(0x616c7473)

/** Expects control characters only in the client's own texts. */
const isHarmless = (text: string): boolean => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)

// The client's bytes up to its first request: magic, version, and two obsolete integers.
const greeting = 32

/** Reads the bytes of the other side, and closes when it does. */
const closesAfter = (side: Duplex): void => {
  side.resume().on('end', () => side.end())
}

/** Connects to a server that sends one text at once, and another after the first request. */
const greetedWith = async (said: Uint8Array, answer?: Uint8Array) => {
  const [here, there] = duplexPair()
  let heard = 0
  there.on('data', (chunk: Buffer) => {
    const isFirst = heard <= greeting
    heard += chunk.length
    if (answer !== undefined && isFirst && heard > greeting) {
      there.write(answer)
    }
  })
  there.write(said)
  return connect(here, { settings: false })()
}

const shownIn = (failure: Parameters<typeof showFailure>[0], shown: string): void => {
  const text = showFailure(failure)
  expect(text).to.contain(`the other side sent text: ${shown}`)
  expect(isHarmless(text), text).to.equal(true)
}

describe('text in place of the protocol', () => {
  for (const [text, shown] of texts) {
    const bytes = bytesOfText(text)

    it(`${shown} is shown in place of a handshake, before one, and after one`, async () => {
      shownIn(issueOf(await greetedWith(bytes)), shown)
      shownIn(issueOf(await greetedWith(concat(bytes, hello))), shown)
      const behind = concat(hello.subarray(0, 16), bytes)
      shownIn(issueOf(await greetedWith(behind)), shown)
    })

    it(`${shown} is shown in place of a log, of a reply, and after one`, async () => {
      for (const answer of [bytes, concat(last, bytes)]) {
        const client = rightOf(await greetedWith(hello, answer))
        const failure = issueOf(await client.queryAllValidPaths()())
        shownIn(failure, shown)
        await client.close()
      }
      const client = rightOf(await greetedWith(hello, concat(last, int(1), bytes)))
      expect(await client.isValidPath({ path })()).to.have.property('right', true)
      shownIn(await client.closed, shown)
    })

    it(`${shown} is shown in the place of an archive`, async () => {
      const client = rightOf(await greetedWith(hello, concat(last, bytes)))
      const download = rightOf(await client.narFromPath({ path })())
      const failure = await download.next().then(
        () => null,
        ({ issue }: { readonly issue: Issue }) => issue,
      )
      shownIn(failure as Issue, shown)
      await client.close()
    })

    it(`${shown} is shown by a server, in place of a handshake, an operation and a request`, async () => {
      const clientHello = concat(int(0x6e697863), int(0x114), int(0), int(0))
      for (const said of [
        bytes,
        concat(clientHello, bytes),
        // IsValidPath
        concat(clientHello, int(1), bytes),
      ]) {
        const [here, there] = duplexPair()
        const served = serve(there, {})
        closesAfter(here)
        here.write(said)
        shownIn(issueOf(await served), shown)
      }
    })

    it(`${shown} is shown by a server, in the place of an upload`, async () => {
      const clientHello = concat(int(0x6e697863), int(0x114), int(0), int(0))
      const request = concat(int(7), padded('x'), int(1), int(1), padded('sha256'))
      const [here, there] = duplexPair()
      const served = serve(there, {
        AddToStore: async (_, { upload }) => {
          for await (const _chunk of upload) {
            // There is no archive.
          }
          throw new Error('no upload')
        },
      })
      closesAfter(here)
      here.write(concat(clientHello, request, bytes))
      shownIn(issueOf(await served), shown)
    })

    it(`${shown} is in the guess of a session`, () => {
      const line = shown.replace(/(\\r)?\\n"$/, '"')
      const clientHello = concat(int(0x6e697863), int(0x126))
      const guesses = (client: Uint8Array, server: Uint8Array): string =>
        decodeSession(client, server)
          .flatMap((event) =>
            event.kind === 'issue' && event.guess._tag === 'Some' ? [event.guess.value] : [],
          )
          .join('\n')
      expect(guesses(clientHello, bytes)).to.contain(`not a nix-daemon: it says ${line}`)
      const inPlace = new ScriptedSession({ version: '1.34' })
      inPlace.number('client', 1).text('client', somePath).server(bytes)
      expect(guesses(inPlace.bytes.client, inPlace.bytes.server)).to.contain(line)
      const behind = new ScriptedSession({ version: '1.34' })
      behind.number('client', 1).text('client', somePath).last().number('server', 1).server(bytes)
      expect(guesses(behind.bytes.client, behind.bytes.server)).to.contain(`unexpected text: ${line}`)
    })
  }

  it('is shown up to its end, and clipped', async () => {
    const long = issueOf(await greetedWith(bytesOfText('x'.repeat(5000))))
    expect(showFailure(long)).to.match(/the other side sent text: "x{160}…"/)
    const mixed = concat(bytesOfText('Permission denied\n'), Uint8Array.of(0, 1, 2, 3))
    shownIn(issueOf(await greetedWith(mixed)), '"Permission denied\\n"')
  })

  it('is shown at the end even if it is shorter than a number', async () => {
    const [here, there] = duplexPair()
    there.end('no\n')
    shownIn(issueOf(await connect(here)()), '"no\\n"')
  })

  it('is not recognised in a number, whatever a log says before it', async () => {
    const log = concat(int(0x6f6c6d67), padded('building a lot of things'))
    const client = rightOf(await greetedWith(hello, concat(log, int(0x12345678))))
    const failure = issueOf(await client.isValidPath({ path })())
    expect(showFailure(failure)).not.to.contain('sent text')
    await client.close()
  })
})

describe('the refusal of a Determinate Nix daemon', () => {
  // A no-entry sign, in its wire form.
  const sign = Uint8Array.of(0xf0, 0x9f, 0x9a, 0xab, 0, 0, 0, 0)

  it('is reported by a client', async () => {
    const issue = issueOf(await greetedWith(sign)) as Issue
    expect(issue).to.include({ _tag: 'UnexpectedValue', offset: 0 })
    expect(issue.actual).to.contain('refuses this user').and.contain('allowed-users')
    expect(issue.actual).not.to.contain('the other side closed')
  })

  it('is reported of a session', () => {
    const events = decodeSession(concat(int(0x6e697863), int(0x126)), sign)
    const [guess] = events.flatMap((event) => (event.kind === 'issue' ? [event.guess] : []))
    expect(guess).to.have.property('value').that.contains('allowed-users')
  })
})
