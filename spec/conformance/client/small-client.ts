import { type Duplex, duplexPair } from 'node:stream'
import { isLeft } from 'fp-ts/lib/Either.js'
import { holds, since } from '../../../combinators/gate.js'
import { showIssue } from '../../../combinators/issue.js'
import type { Grammar } from '../../../combinators/node.js'
import type { ClientUnderTest, RunOptions } from '../../../conformance/client/index.js'
import { runClient } from '../../../conformance/client/index.js'
import { speechOf } from '../../../conformance/daemon/facts.js'
import { freshPath } from '../../../conformance/daemon/samples.js'
import { asked, handshakeMoves } from '../../../conformance/daemon/speech.js'
import { ClientHandshakeInfo } from '../../../grammar/client-handshake-info.js'
import { FeatureList, ServerHello } from '../../../grammar/handshake.js'
import { LogMessage } from '../../../grammar/logging.js'
import { operations } from '../../../grammar/operations/table.js'
import { NixReader } from '../../../stream/nix-reader.js'

type Read = (reader: NixReader) => Promise<unknown>

/** How each word is read, where a client has a mistake in that. */
export interface Mistakes {
  readonly hello?: Grammar<{ readonly version: never }>
  readonly features?: Read
  readonly info?: Read
  readonly log?: Read
  readonly validity?: Read
  readonly referrers?: Read
  readonly pathInfo?: Read
  /** Whether an error of the server, or an end in the middle of a word, is as good as an answer. */
  readonly bears?: 'errors' | 'ends'
}

class Refused extends Error {}

/** Reads a word, or gives up. */
export const reading =
  <A>(grammar: Grammar<A>) =>
  async (reader: NixReader): Promise<A> => {
    const value = await reader.readValue(grammar)()
    if (isLeft(value)) {
      throw new Refused(showIssue(value.left))
    }
    return value.right
  }

/** The log, up to its end. */
const readLog = async (reader: NixReader): Promise<unknown> => {
  for (;;) {
    const message = await reading(LogMessage)(reader)
    if (message._tag === 'Last' || message._tag === 'Error') {
      return message
    }
  }
}

/** A client that asks three things, one after another. */
const speak = async (stream: Duplex, path: string, mistakes: Mistakes): Promise<void> => {
  const {
    hello = ServerHello,
    log = readLog,
    features = reading(FeatureList),
    info = reading(ClientHandshakeInfo),
  } = mistakes
  const storeDir = '/nix/store'
  const reader = new NixReader(stream, { protocol: { storeDir } })
  const first = speechOf({ newest: '1.38', features: [], storeDir }, '1.38')
  stream.write(handshakeMoves(first)[0]!.bytes)
  const { version } = await reading(hello as Grammar<ServerHello>)(reader)
  const speech = speechOf({ newest: version, features: [], storeDir }, '1.38')
  const { agreed } = speech
  reader.setProtocol(agreed)
  const [, ...moves] = handshakeMoves(speech)
  for (const { bytes, until } of moves) {
    stream.write(bytes)
    if (until === 'features') {
      await features(reader)
    }
  }
  if (holds(since('1.33'), agreed)) {
    await info(reader)
  }
  const told = async (): Promise<void> => {
    const message = await log(reader)
    const isError =
      typeof message === 'object' && message !== null && '_tag' in message && message._tag === 'Error'
    if (isError && mistakes.bears !== 'errors') {
      throw new Refused('the server says that it cannot')
    }
  }
  await told()
  const { IsValidPath, QueryPathInfo, QueryReferrers } = operations
  const questions = [
    [IsValidPath, mistakes.validity ?? reading(IsValidPath.reply)],
    [QueryReferrers, mistakes.referrers ?? reading(QueryReferrers.reply)],
    [QueryPathInfo, mistakes.pathInfo ?? reading(QueryPathInfo.reply)],
  ] as const
  for (const [operation, reply] of questions) {
    // One that another refers to.
    const about = operation === QueryReferrers ? freshPath({ storeDir }, 'nix-wire-leaf').info.path : path
    stream.write(asked(operation, agreed, { path: about }).bytes)
    await told()
    await reply(reader)
  }
}

/** A client in this process, right or with mistakes. */
export const smallClient = (mistakes: Mistakes = {}): ClientUnderTest => ({
  run: async (serve, { path }, signal) => {
    const [here, there] = duplexPair()
    here.on('error', () => undefined)
    serve(there)
    signal.addEventListener('abort', () => here.destroy(new Error('it takes too long')))
    try {
      await speak(here, path, mistakes)
      return { code: 0, signal: null, said: '' }
    } catch (error) {
      const said = String(error)
      return { code: mistakes.bears === 'ends' && /end/i.test(said) ? 0 : 1, signal: null, said }
    } finally {
      here.destroy()
    }
  },
})

const rounds = 3000

/** All that this process can do by itself has been done: a client in it that has not ended waits for something. */
const still = async (signal: AbortSignal): Promise<void> => {
  for (let i = 0; i < rounds && !signal.aborted; i++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export const runOn = (client: ClientUnderTest, wanted: Partial<RunOptions> = {}) =>
  runClient({ client, patience: still, ...wanted })
