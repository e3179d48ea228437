import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { connect } from '../../../daemon/client.js'
import { type Failure, showFailure } from '../../../daemon/failure.js'
import { takesNoArguments } from '../../../grammar/operations/index.js'
import { nearly } from '../../../laws/bytes.js'
import { fail } from '../../../laws/expect.js'
import { IssueError } from '../../../stream/issue-error.js'
import { narOf } from '../../support/scripted-session.js'
import { settledSoon } from '../../support/waiting.js'
import { type Conversation, drawConversation } from '../conversations.js'
import { some } from '../draw.js'
import { alone, bytesTrial, type Target, type Trial } from '../trial.js'

const damaged = 30

type Methods = Readonly<Record<string, (...given: ReadonlyArray<unknown>) => TaskEither<Failure, unknown>>>

/** Nothing is aborted here, so an aborted call has met an exception. */
const expectTold = (failure: Failure): void => {
  const told = showFailure(failure)
  if (failure._tag === 'Aborted') {
    fail(`an exception: ${told}`)
  }
}

/** Reads a download to its end, or to its issue. */
const drain = async (download: AsyncIterable<Uint8Array>): Promise<void> => {
  try {
    for await (const _chunk of download) {
      // Only its end matters.
    }
  } catch (error) {
    if (!(error instanceof IssueError)) {
      throw error
    }
    expectTold(error.issue)
  }
}

/** Makes the call of a conversation with a daemon that says `greeting` at once, and `answer` to the request. */
const call = async (
  { operation, version, request }: Conversation,
  greeting: Uint8Array,
  answer: Uint8Array | null,
): Promise<void> => {
  const [here, there] = duplexPair()
  let isAsked = false
  there.on('data', () => {
    if (isAsked && answer !== null && !there.writableEnded) {
      there.end(answer)
    }
  })
  there.write(greeting)
  if (answer === null) {
    there.end()
  }
  const connected = await connect(here, { newest: version, features: [], settings: false })()
  if (isLeft(connected)) {
    expectTold(connected.left)
    return
  }
  isAsked = true
  const client = connected.right
  const methods = client as unknown as Methods
  const uploads = operation.streams.some(({ direction }) => direction === 'upload')
  const given = [
    ...(takesNoArguments(operation) ? [] : [request]),
    ...(uploads ? [[narOf(new Uint8Array(100))]] : []),
  ]
  const name = operation.name.charAt(0).toLowerCase() + operation.name.slice(1)
  const outcome = await (methods[name] ?? fail(`there is no ${name}`))(...given)()
  if (isLeft(outcome)) {
    expectTold(outcome.left)
  } else if (operation.streams.some(({ direction }) => direction === 'download')) {
    await drain(outcome.right as AsyncIterable<Uint8Array>)
  }
  await client.close()
  showFailure(await client.closed)
}

function* batch(seed: number): Generator<Trial, void> {
  const conversation = drawConversation(seed)
  const { operation, version, server, handshake } = conversation
  const greeting = server.subarray(0, handshake.server)
  const answer = server.subarray(handshake.server)
  const what = `a daemon of ${version} that is asked for ${operation.name}`
  for (const bytes of [answer, ...some(nearly(fc.constant<Uint8Array>(answer)), damaged, seed)]) {
    yield bytesTrial(`${what}, behind the handshake`, bytes, (each) =>
      settledSoon(call(conversation, greeting, each), 'the call'),
    )
  }
  for (const bytes of some(nearly(fc.constant<Uint8Array>(server)), damaged / 3, seed)) {
    yield bytesTrial(`${what}, from the handshake on`, bytes, (each) =>
      settledSoon(call(conversation, each, null), 'the connection'),
    )
  }
}

export const client: Target = {
  name: 'client',
  summary: 'what daemons say, damaged: a result or a failure, and never an exception or no end',
  open: alone(batch),
}
