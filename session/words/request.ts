import { some } from 'fp-ts/lib/Option.js'
import type { Grammar } from '../../combinators/node.js'
import type { Protocol } from '../../combinators/protocol.js'
import { ordVersion } from '../../combinators/version.js'
import type { Ear } from '../../conversation/machine/ear.js'
import { notYet } from '../../conversation/machine/feed.js'
import type { Talk } from '../../conversation/machine/talk.js'
import { type AnyOperation, streamOf } from '../../grammar/operations/operation.js'
import { Received } from '../received.js'
import type { Going } from './going.js'
import type { Hearing } from './hearing.js'

/** A request, if it has arrived. */
export const requestNow = (
  hearing: Hearing,
  ear: Ear,
  grammar: Grammar<unknown>,
): unknown | typeof notYet => {
  const { talk, current: going } = hearing
  const { offset } = ear.feed
  const request = going.lacking ? notYet : talk.now(ear.feed, grammar)
  if (request !== notYet) {
    talk.clientTrail.begin('request', grammar, offset, talk.during)
    asked(hearing, going, request)
  }
  return request
}

/** A request. */
export function* hearRequest(hearing: Hearing, ear: Ear, grammar: Grammar<unknown>): Talk<unknown> {
  const { talk, current: going } = hearing
  talk.clientTrail.begin('request', grammar, ear.feed.offset, talk.during)
  // For an operation that the protocol lacks, only a valid form shows that this is a request.
  const reading = going.lacking ? talk.strictly(ear.feed, grammar) : talk.value(ear.feed, grammar)
  const request = yield* hearing.value(ear, ['request'], [], reading)
  asked(hearing, going, request)
  return request
}

const asked = ({ talk }: Hearing, going: Going, request: unknown): void => {
  const { operation, opened, lacking } = going
  opened.start(some(request))
  going.isStarted = true
  if (operation === null) {
    return
  }
  const given = lacking ? firstOf(operation, talk.protocol) : talk.protocol
  const stream = streamOf(operation, given)
  if (stream === undefined) {
    return
  }
  const received = new Received(stream, talk)
  going.received = received
  if (stream.way !== 'raw' || stream.direction === 'upload') {
    if (stream.way === 'raw') {
      received.beginRaw(talk.client)
    }
    opened.progress = () => some(received.summary)
  }
}

/** The protocol nearest to the negotiated one that has the operation, for the form of its stream. */
const firstOf = ({ since }: AnyOperation, protocol: Protocol): Protocol =>
  ordVersion.compare(protocol.version, since) < 0 ? { ...protocol, version: since } : protocol
