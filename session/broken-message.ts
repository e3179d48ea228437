import { toUndefined } from 'fp-ts/lib/Option.js'
import { type Issue, showFieldPath } from '../combinators/issue.js'
import type { Grammar } from '../combinators/node.js'
import { dissect } from '../interpreters/dissect/index.js'
import type { Conversation } from './conversation.js'
import type { BrokenMessage, Side } from './events.js'
import { workerNames } from './recording/message-types.js'
import type { Attempt } from './trail.js'

const keys: { readonly [K in Attempt['kind']]: string } = {
  greeting: 'handshake',
  request: 'request',
  message: 'log',
  reply: 'reply',
}

// What is longer is not read once more.
const longest = 65536
const mostFields = 50

/** The message of an operation that an issue is in, with what was read of it. */
export const brokenMessageAt = (
  talk: Conversation,
  side: Side,
  { path, offset }: Issue,
): BrokenMessage | null => {
  const { latest } = side === 'client' ? talk.clientTrail : talk.serverTrail
  if (latest === null || keys[latest.kind] !== path[0] || latest.start > offset) {
    return null
  }
  const { kind, start, during } = latest
  const { protocol } = talk
  const type = workerNames(talk.table).typeOf(keys[kind], toUndefined(during) ?? '')
  return type === '' ? null : { type, start, protocol, fields: fieldsOf(talk, side, latest, offset) }
}

const fieldsOf = (talk: Conversation, side: Side, { grammar, start }: Attempt, offset: number) => {
  const found = talk.feedOf(side).excerpt(start, Math.min(offset, start + longest))
  const { tree } = dissect(
    grammar as Grammar<unknown>,
    talk.protocol,
    found.start === start ? found.bytes : none,
  )
  return (tree?.parts ?? [])
    .filter(({ complete, path }) => complete && path.length > 0)
    .slice(0, mostFields)
    .map(({ path, value }) => ({ name: showFieldPath(path), value }))
}

const none = new Uint8Array(0)
